/// The use of a `void *`, judged by its name.
enum UntypedPointer {
    case handle, buffer, unknown

    /// The ends of names such as `dbhandle` and `sslctx`.
    private static let endings = [
        "handle", "hnd", "hdl", "ctx", "context", "session", "object", "instance", "connection", "userdata", "cookie",
        "closure", "iterator", "cursor", "parser", "engine", "socket", "window", "database", "driver",
    ]
    private static let handles: Set<String> = [
        "h", "hd", "self", "this", "me", "obj", "state", "sess", "inst", "conn", "env", "opaque", "udata", "userp",
        "priv", "private", "dev", "device", "sock", "iter", "client", "server", "stream", "queue", "thread", "file",
        "fp", "fh", "db", "dbh", "arg", "args",
    ]
    private static let owners: Set<String> = ["user", "usr", "app", "cb", "callback", "private", "priv", "client"]
    private static let buffers: Set<String> = [
        "data", "dat", "dest", "dst", "src", "out", "output", "input", "mem", "memory", "bytes", "block", "chunk",
        "payload", "packet", "msg", "message", "blob", "digest", "hash",
    ]

    /// - Parameter name: The name of a parameter, such as `hDevice`, `user_data` or `ctx2`.
    init(named name: String) {
        var words: [String] = [""]
        for character in name {
            if character == "_" || character.isUppercase && words[words.count - 1].last?.isUppercase == false {
                words.append("")
            }
            if character.isLetter { words[words.count - 1].append(character) }
        }
        words = words.map { $0.lowercased() }.filter { !$0.isEmpty }
        // The last word decides: `ctx_buf` is a buffer, and `buf_ctx` is not.
        let last = words.last ?? ""
        let isOwned = words.count > 1 && Self.owners.contains(words[words.count - 2])
        if Self.handles.contains(last) || Self.endings.contains(where: last.hasSuffix) {
            self = .handle
        } else if words.contains(where: { $0.contains("buf") }) {
            self = .buffer
        } else if isOwned || words.first == "h" {
            self = .handle
        } else {
            self = Self.buffers.contains(last) ? .buffer : .unknown
        }
    }
}
