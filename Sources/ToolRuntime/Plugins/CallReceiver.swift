/// A receiver of the events of many calls, on any thread.
protocol CallReceiver: AnyObject, Sendable {
    /// Receives an event other than output.
    func receive(_ event: CallEvent, of call: UInt64)

    /// Receives a piece of the result, which it copies.
    func receiveOutput(_ bytes: UnsafeRawBufferPointer, _ mediaType: String, of call: UInt64)
}
