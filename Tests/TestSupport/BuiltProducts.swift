import Glibc

/// The products of the package, found beside the running test bundle.
public enum BuiltProducts {
    /// The directory of the products.
    ///
    /// It is the directory of the test bundle, or another one if the tests are built with options that programs must
    /// not have.
    public static let directory: String = {
        if let directory = getenv("TOOLHOST_BUILT_PRODUCTS") { return String(cString: directory) }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }()

    /// The path of an executable product, such as `toolhost`.
    public static func executable(_ name: String) -> String {
        "\(directory)/\(name)"
    }

    /// The path of a sample plugin, such as `Weather`.
    public static func plugin(_ name: String) -> String {
        "\(directory)/lib\(name).so"
    }
}
