import ToolContract

/// The receiver of the events of a call.
enum CallObserver: Sendable {
    /// A closure that was made for the call.
    case closure(@Sendable (CallEvent) -> Void)
    /// A service, which knows the call by a number. No memory is allocated for its events.
    case service(any CallReceiver, call: UInt64)

    func receive(_ event: CallEvent) {
        switch self {
        case .closure(let observe): observe(event)
        case .service(let receiver, let call): receiver.receive(event, of: call)
        }
    }

    func receiveOutput(_ bytes: UnsafeRawBufferPointer, _ mediaType: String) {
        switch self {
        case .closure(let observe): observe(.output(ContentPart(mediaType: mediaType, bytes: Array(bytes))))
        case .service(let receiver, let call): receiver.receiveOutput(bytes, mediaType, of: call)
        }
    }
}
