/// The interpreter that runs the files of a plugin in place of the worker program.
///
/// Its path is part of the order for the sandbox, which allows to execute it.
package struct InterpreterOrder: Sendable, Hashable {
    /// The arguments before the files, from the interpreter's name for itself on.
    package var arguments: [String]
    /// The real paths of the plugin's files, in the order of ``WorkerOrder/stamp``.
    ///
    /// The interpreter receives them as open descriptors, because its sandbox does not let it open them.
    package var files: [String]

    /// The maximum numbers of arguments and files.
    ///
    /// A confined process has at most 256 open files, and the interpreter needs some for itself.
    package static let (maximumArguments, maximumFiles) = (64, 192)

    package init(arguments: [String], files: [String]) {
        self.arguments = arguments
        self.files = files
    }
}

extension InterpreterOrder {
    func write(to writer: inout PayloadWriter) {
        for list in [arguments, files] {
            writer.integer(UInt32(list.count))
            for text in list { writer.text(text) }
        }
    }

    init(_ reader: inout PayloadReader) throws(FrameError) {
        arguments = try Self.texts(&reader, limit: Self.maximumArguments)
        files = try Self.texts(&reader, limit: Self.maximumFiles)
        guard !arguments.isEmpty, !files.isEmpty else { throw FrameError("an interpreter without arguments or files") }
    }

    private static func texts(_ reader: inout PayloadReader, limit: Int) throws(FrameError) -> [String] {
        let count = try reader.integer(UInt32.self)
        guard count <= limit else { throw FrameError("\(count) arguments or files of an interpreter") }
        var texts: [String] = []
        for _ in 0..<count { texts.append(try reader.text()) }
        return texts
    }
}
