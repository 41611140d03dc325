/// C source that speaks the protocol of workers without being a worker.
public enum FrameForgery {
    /// The declarations of `Tests/Fixtures/frame_forgery.h`.
    public static let source = "#include \"frame_forgery.h\"\n"
}
