/// A violation of the protocol by the peer.
package struct FrameError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A noun phrase for what was received, such as `a frame of the unknown kind 7`.
    package let description: String

    package init(_ description: String) { self.description = description }
}
