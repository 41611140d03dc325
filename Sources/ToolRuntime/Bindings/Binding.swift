import Glibc
import ToolJSON

/// A file that describes functions of a C library as tools: `NAME.tool.json`.
package struct Binding: Sendable, Hashable {
    /// The suffix of the names of bindings.
    package static let suffix = ".tool.json"

    /// The library with the functions.
    enum Library: Sendable, Hashable {
        /// A library of the system, by the name that programs are linked against, such as `libm.so.6`.
        case system(String)
        /// A file; a relative path is relative to the binding's directory.
        case file(String)
    }

    /// A tool of the binding.
    struct BoundTool: Sendable, Hashable {
        /// The schema, as plugins register it; only a name if the tool cannot be offered.
        let schema: [UInt8]
        let isConcurrent: Bool
        /// The function, or the reason why the tool cannot be offered.
        let function: Result<NativeFunction, NativeSignatureError>
    }

    /// A function or type that is not offered until a person has made a decision about it.
    package struct Undecided: Sendable, Hashable {
        package let name: String
        /// The decisions to make, in sentences.
        package let questions: [String]

        package init(name: String, questions: [String]) { (self.name, self.questions) = (name, questions) }
    }

    /// The manifest, as plugins register it.
    let manifest: [UInt8]
    let library: Library
    /// The functions that close handles, by kind; nil for a kind that needs no closing.
    let handles: [String: String?]
    let tools: [BoundTool]
    /// The functions that are not decided.
    package let undecided: [Undecided]
    /// The types that are not decided.
    package let undecidedTypes: [Undecided]
    /// The reasons why types and tools cannot be used, in sentences.
    ///
    /// The other tools are still offered.
    package let faults: [String]

    /// The maximum size of a file.
    package static let maximumBytes = 4 << 20

    /// Reads a file that has been checked.
    init(_ file: borrowing CheckedFile, named path: String) throws(PluginError) {
        guard file.status.st_size <= Self.maximumBytes else {
            throw PluginError(
                .invalidBinding,
                file: path,
                "Has \(file.status.st_size) bytes; the maximum for a binding is \(Self.maximumBytes)."
            )
        }
        do throws(NativeSignatureError) {
            try self.init(parsing: Self.content(of: file))
        } catch {
            throw PluginError(
                .invalidBinding,
                file: path,
                "Is not a valid binding. \(error.message)",
                underlyingError: error
            )
        }
    }

    /// Returns the content of a file whose size has been checked.
    static func content(of file: borrowing CheckedFile) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(file.status.st_size)) { buffer, count in
            count = max(pread(file.descriptor, buffer.baseAddress, buffer.count, 0), 0)
        }
    }
}
