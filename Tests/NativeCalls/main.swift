// Measures calls of C functions from C and as tools.
//
// Scripts/bench starts this program. It writes the line `ready`, then reads lines `NAME COUNT`, and writes the duration
// of each measurement in nanoseconds, or -1 for a wrong result.

import CNativeCalls
import Glibc
import ToolJSON
import ToolRuntime

/// Writes a line without buffering.
private func report(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
}

/// A C function as a tool, with the arguments and the result of the measured calls.
struct NativeTool {
    let function: ForeignFunction
    let arguments: JSONObject
    let text: [UInt8]
    let result: String

    init(_ pointer: @escaping ForeignFunction.Pointer, _ signature: String, _ text: String, _ result: String) throws {
        function = try ForeignFunction(pointer, signature: signature)
        self.text = Array(text.utf8)
        arguments = try JSON(parsing: self.text).object ?? [:]
        self.result = result
    }

    /// Measures calls from decoded arguments to the value of the result.
    func fromValues(_ count: Int) throws -> Int64 {
        let expected = try JSON(parsing: result.utf8)
        return try measure(count) { try function.call(arguments, limit: 1 << 20) == expected }
    }

    /// Measures calls from the JSON text of the arguments to the JSON text of the result.
    func fromText(_ count: Int) throws -> Int64 {
        let expected = Array(result.utf8)
        return try measure(count) {
            guard let arguments = try JSON(parsing: text).object else { return false }
            return try function.call(arguments, limit: 1 << 20).bytes() == expected
        }
    }

    private func measure(_ count: Int, _ body: () throws -> Bool) rethrows -> Int64 {
        let start = ContinuousClock.now
        for _ in 0..<count where try !body() { return -1 }
        let duration = (ContinuousClock.now - start).components
        return duration.seconds * 1_000_000_000 + duration.attoseconds / 1_000_000_000
    }
}

let ldexpTool = try NativeTool(
    native_ldexp_function(),
    "ldexp(x: f64, exponent: i32) -> f64",
    #"{"x": 0.75, "exponent": 4}"#,
    "12"
)
let strlenTool = try NativeTool(
    native_strlen_function(),
    "strlen(text: text) -> u64",
    #"{"text": "New York"}"#,
    "8"
)
let measurements: [String: (Int) throws -> Int64] = [
    "ldexp-c": { native_ldexp(Int64($0)) },
    "ldexp-ffi": { native_ffi_ldexp(Int64($0)) },
    "ldexp-values": ldexpTool.fromValues,
    "ldexp-text": ldexpTool.fromText,
    "strlen-c": { native_strlen(Int64($0)) },
    "strlen-ffi": { native_ffi_strlen(Int64($0)) },
    "strlen-values": strlenTool.fromValues,
    "strlen-text": strlenTool.fromText,
]

report("ready")
while let line = readLine() {
    let words = line.split(separator: " ")
    guard words.count == 2, let count = Int(words[1]), let measure = measurements[String(words[0])] else {
        report("unknown measurement")
        continue
    }
    report("\(try measure(count))")
}
