import Glibc
import ToolPlugin

/// The file systems on real devices, from `/proc/self/mounts` and `statvfs`.
enum Disks {
    private static let maximumDisks = 64

    static func report() throws(ToolError) -> JSON {
        var seen: Set<Substring> = []
        var disks: [JSON] = []
        for line in try SystemFile.text("/proc/self/mounts").split(separator: "\n") where disks.count < maximumDisks {
            let fields = line.split(separator: " ")
            // A device that is mounted twice counts as one disk.
            guard fields.count >= 3, fields[0].hasPrefix("/"), seen.insert(fields[0]).inserted else { continue }
            let directory = unescaped(fields[1])
            var status = statvfs()
            guard statvfs(directory, &status) == 0, status.f_blocks > 0 else { continue }
            let block = Double(status.f_frsize)
            disks.append([
                "directory": .string(directory), "device": .string(String(fields[0])),
                "type": .string(String(fields[2])),
                "total_gib": gibibytes(Double(status.f_blocks) * block),
                "free_gib": gibibytes(Double(status.f_bavail) * block),
            ])
        }
        return ["disks": .array(disks)]
    }

    private static func gibibytes(_ bytes: Double) -> JSON {
        .double((bytes / 1_073_741_824 * 10).rounded() / 10)
    }

    /// Decodes the octal escapes of the kernel, such as `\040` for a space.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3, let code = UInt8(String(Substring(digits)), radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
