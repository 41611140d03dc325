import OllamaClient

extension Console {
    /// Prints the warning about the address of the server, if there is one.
    func warn(about endpoint: OllamaEndpoint) {
        if let warning = endpoint.warning { line("warning: \(warning, limit: 300)") }
    }
}
