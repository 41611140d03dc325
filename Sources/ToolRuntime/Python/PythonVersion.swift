/// The version of a Python interpreter: its major, minor and micro number.
package struct PythonVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major, minor, micro: Int

    package init(_ major: Int, _ minor: Int, _ micro: Int = 0) {
        (self.major, self.minor, self.micro) = (major, minor, micro)
    }

    package static func < (left: PythonVersion, right: PythonVersion) -> Bool {
        (left.major, left.minor, left.micro) < (right.major, right.minor, right.micro)
    }

    package var description: String { "\(major).\(minor).\(micro)" }
}
