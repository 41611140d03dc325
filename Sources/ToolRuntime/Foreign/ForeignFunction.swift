import Glibc
package import ToolJSON

/// A C function, prepared once for its type, which any number of threads can call at the same time.
package final class ForeignFunction: Sendable {
    package typealias Pointer = @convention(c) () -> Void
    /// A function that frees memory of the library.
    typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// The functions that a call may need besides the called one.
    struct Helpers: Sendable {
        /// The open handles of the library.
        var handles = HandleTable([:])
        /// The functions that free memory, by name.
        var releases: [String: Release] = [:]
        /// The function that returns the message for a failure.
        var message: Pointer?
    }

    let function: NativeFunction
    let helpers: Helpers
    let frame: ForeignFrame
    let pointer: Pointer
    let interface: ForeignInterface
    /// The types of the callbacks, by parameter.
    let callbacks: [Int: ForeignInterface]
    /// The type of the result if it is an integer.
    let resultInteger: NativeScalar?
    /// The fast path, if the function has only numbers and strings.
    private let plan: ForeignPlan?

    /// Creates a function from its signature.
    ///
    /// - Parameters:
    ///   - pointer: The address of the function.
    ///   - signature: The signature as a plugin registers it, such as `pow(base: f64, exponent: f64) -> f64`.
    /// - Throws: ``NativeSignatureError`` if the signature is invalid or not supported.
    package convenience init(_ pointer: @escaping Pointer, signature: String) throws(NativeSignatureError) {
        try self.init(pointer, NativeFunction(signature: signature), Helpers(releases: ["free": free]))
    }

    /// Creates a function of a binding.
    init(_ pointer: @escaping Pointer, _ function: NativeFunction, _ helpers: Helpers) throws(NativeSignatureError) {
        self.function = function
        self.helpers = helpers
        self.pointer = pointer
        frame = ForeignFrame(function)
        interface = try ForeignInterface(
            function.parameters.map(\.ffi),
            result: function.result.type.ffi,
            name: function.symbol
        )
        var callbacks: [Int: ForeignInterface] = [:]
        for (index, parameter) in function.parameters.enumerated() {
            guard case .collect(let collector) = parameter.type else { continue }
            callbacks[index] = try ForeignInterface(
                collector.parameters.map(\.type.ffi),
                result: collector.result.map(\.ffi) ?? .void,
                name: parameter.name
            )
        }
        self.callbacks = callbacks
        resultInteger = function.result.integer
        plan = ForeignPlan(function)
    }

    /// Calls the function on the calling thread.
    ///
    /// - Parameters:
    ///   - arguments: The arguments by parameter name.
    ///   - limit: The maximum number of bytes of the result.
    /// - Returns: One value, an object if there are outputs, or `null` for no result.
    /// - Throws: ``NativeCallError`` if an argument does not fit, in which case the function is not called, or if the
    ///   function reports a failure.
    package func call(_ arguments: JSONObject, limit: Int) throws(NativeCallError) -> JSON {
        if let plan, let value = try plan.call(self, arguments) { return value }
        let result = withUnsafeTemporaryAllocation(byteCount: frame.size, alignment: ForeignFrame.alignment) { memory in
            Result { () throws(NativeCallError) in
                _ = memory.initializeMemory(as: UInt8.self, repeating: 0)
                guard let base = memory.baseAddress else { throw .failed("The system has no memory left.") }
                var call = ForeignCall(self, base, NativeReading(limit: limit))
                try call.prepare(arguments)
                call.run()
                return try call.result()
            }
        }
        return try result.get()
    }
}
