import Foundation

/// The machine on which the measurements were made, as a line of text.
enum Machine {
    static var description: String {
        var parts = [processor, "\(ProcessInfo.processInfo.activeProcessorCount) cores", kernel]
        parts += [version("ldd", "--version").map { "glibc " + ($0.split(separator: " ").last ?? "") }]
            .compactMap(\.self)
        parts += [version("swift", "--version"), version("python3", "--version"), version("cc", "--version")]
            .compactMap(\.self)
        return parts.joined(separator: "; ")
    }

    private static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        // ARM processors have no name there.
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") } ?? "unknown processor"
        return line.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    }

    private static var kernel: String {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let machine = withUnsafeBytes(of: name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return "Linux \(release) \(machine)"
    }

    /// Returns the first line that a program prints, or nil if it is not installed.
    private static func version(_ words: String...) -> String? {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return text.split(separator: "\n").first.map(String.init)
    }
}
