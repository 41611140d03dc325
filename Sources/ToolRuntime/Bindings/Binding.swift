import Glibc
import ToolJSON

/// A file that makes tools of a library's functions: `NAME.tool.json`.
package struct Binding: Sendable, Hashable {
    /// How the names of such files end.
    package static let suffix = ".tool.json"

    /// Where the functions are.
    enum Library: Sendable, Hashable {
        /// The system's own, by the name that programs are linked against: `libm.so.6`.
        case system(String)
        /// A file; a relative path starts at the binding's directory.
        case file(String)
    }

    /// A function that is a tool.
    struct BoundTool: Sendable, Hashable {
        /// The schema, as plugins register it; only a name where the tool cannot be offered.
        let schema: [UInt8]
        let isConcurrent: Bool
        /// The function, or the reason why the tool cannot be offered.
        let function: Result<NativeFunction, NativeSignatureError>
    }

    /// A function or type that is not offered before somebody has decided what only a person can.
    package struct Undecided: Sendable, Hashable {
        package let name: String
        /// What is to be decided, in sentences.
        package let questions: [String]
    }

    /// The manifest, as plugins register it.
    let manifest: [UInt8]
    let library: Library
    /// The functions that close handles, by kind; `nil` where nothing has to be done.
    let handles: [String: String?]
    let tools: [BoundTool]
    package let undecided: [Undecided]
    /// The types that tools wait for.
    package let undecidedTypes: [Undecided]
    /// The reasons why types and tools cannot be used, in sentences.
    ///
    /// The other tools are offered nevertheless.
    package let faults: [String]

    static let maximumBytes = 4 << 20

    /// Reads a file that has been checked.
    init(_ file: borrowing CheckedFile, named path: String) throws(PluginError) {
        guard file.status.st_size <= Self.maximumBytes else {
            throw PluginError(
                .invalidBinding,
                file: path,
                "Has \(file.status.st_size) bytes; a binding has at most \(Self.maximumBytes)."
            )
        }
        do throws(NativeSignatureError) {
            try self.init(parsing: Self.content(of: file))
        } catch {
            throw PluginError(.invalidBinding, file: path, "Is no binding that can be used. \(error.sentence)")
        }
    }

    /// Reads a file whose size has been checked.
    static func content(of file: borrowing CheckedFile) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(file.status.st_size)) { buffer, count in
            count = max(pread(file.descriptor, buffer.baseAddress, buffer.count, 0), 0)
        }
    }
}
