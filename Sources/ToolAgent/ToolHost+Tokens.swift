package import ToolHost

extension ToolHost {
    /// The approximate number of tokens that the definitions of all tools take in each request.
    package var approximateToolTokens: Int {
        TokenEstimate().tokens(bytes: tools.reduce(0) { $0 + $1.offered.text.count })
    }
}
