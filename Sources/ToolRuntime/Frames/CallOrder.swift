/// A call, as a worker receives it.
package struct CallOrder: Sendable, Hashable {
    /// The position of the tool in the registration.
    package var tool: Int
    package var timeout: Duration
    package var grace: Duration
    package var resultBytes: Int
    /// The processor of the thread that sends the call; `UInt32.max` if it is unknown.
    package var processor: UInt32
    /// The arguments: the JSON text of an object.
    ///
    /// A received order shares the memory of the stream.
    package var arguments: ArraySlice<UInt8>

    package init(
        tool: Int,
        timeout: Duration,
        grace: Duration,
        resultBytes: Int,
        processor: UInt32 = .max,
        arguments: ArraySlice<UInt8>
    ) {
        self.tool = tool
        self.timeout = timeout
        self.grace = grace
        self.resultBytes = resultBytes
        self.processor = processor
        self.arguments = arguments
    }

    package init(
        tool: Int,
        timeout: Duration,
        grace: Duration,
        resultBytes: Int,
        processor: UInt32 = .max,
        arguments: [UInt8]
    ) {
        self.init(
            tool: tool,
            timeout: timeout,
            grace: grace,
            resultBytes: resultBytes,
            processor: processor,
            arguments: arguments[...]
        )
    }
}
