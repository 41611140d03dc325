import Foundation
public import ToolJSON

/// An exchange with a real server: the request, and the response as `curl -i` recorded it.
public struct ServerCapture: Sendable, CustomStringConvertible {
    /// The name of the file, without the extension.
    public let name: String
    /// The method of the request.
    public let method: String
    /// The path of the request.
    public let path: String
    /// The body of the request, or null if there was none.
    public let request: JSON
    /// The status of the response.
    public let status: Int
    /// The body of the response.
    public let body: [UInt8]
    private let headers: [(name: String, value: String)]

    /// The exchanges in the directory that `TOOLHOST_CAPTURES` names; empty without the variable.
    public static let all: [ServerCapture] = names.compactMap { name in
        FileManager.default.contents(atPath: "\(root ?? "")/\(name)").flatMap {
            ServerCapture(name: String(name.dropLast(4)), Array($0))
        }
    }

    /// The names of the files in the directory.
    public static let names: [String] = {
        let names = root.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0) } ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted()
    }()

    private static let root = ProcessInfo.processInfo.environment["TOOLHOST_CAPTURES"]

    /// Returns the exchange with a name, or nil if there is none.
    public static func named(_ name: String) -> ServerCapture? { all.first { $0.name == name } }

    private init?(name: String, _ bytes: [UInt8]) {
        var rest = bytes[...]
        func line() -> String {
            let line = rest.prefix { $0 != UInt8(ascii: "\n") }
            rest = rest.dropFirst(line.count + 1)
            return String(decoding: line, as: UTF8.self)
        }
        let words = line().split(separator: " ").map(String.init)
        guard words.count == 3 else { return nil }
        var request = JSON.null
        while rest.first == UInt8(ascii: "#") {
            let comment = line()
            guard comment.hasPrefix("# request: ") else { continue }
            request = (try? JSON(parsing: String(comment.dropFirst(11)))) ?? .null
        }
        _ = line()
        guard let status = Int(line().split(separator: " ").dropFirst().first ?? "") else { return nil }
        var headers: [(name: String, value: String)] = []
        while case let header = line(), let colon = header.firstIndex(of: ":") {
            headers.append((String(header[..<colon]), String(header[header.index(colon, offsetBy: 2)...])))
        }
        (self.name, self.request, self.status) = (name, request, status)
        (method, path) = (words[1], words[2])
        self.headers = headers.filter { !["Content-Length", "Transfer-Encoding"].contains($0.name) }
        body = Array(rest)
    }

    public var description: String { name }

    /// The response in pieces of arbitrary size.
    public var reply: ScriptedServer.Reply {
        let pieces = stride(from: 0, to: body.count, by: 777).map { body[$0..<min($0 + 777, body.count)] }
        return ScriptedServer.Reply(status: status, headers: headers, steps: pieces.map { .bytes(Array($0)) })
    }

    /// The lines of the body that are JSON.
    public var lines: [JSON] { body.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON(parsing: $0) } }

    /// The server's message about a failure, or nil if the exchange is a success.
    public var cause: String? {
        let error = lines.compactMap { $0["error"]?.string }.last
        guard status >= 400 || error != nil else { return nil }
        var text = error ?? String(decoding: body, as: UTF8.self)
        if let inner = try? JSON(parsing: text) { text = inner[pointer: "/error/message"]?.string ?? text }
        return text.split(separator: "\n").last.map(String.init)
    }
}
