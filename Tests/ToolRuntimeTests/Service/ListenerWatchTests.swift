import Locks
import Testing

@testable import ToolRuntime

@Suite("The standby thread of a worker")
struct ListenerWatchTests {
    /// A watch with a standby thread, which reports its return.
    private final class Scene: Sendable {
        let watch = ListenerWatch()
        /// True if the standby thread must listen, false if it ended, and nil while it stands by.
        let outcome = Monitor<Bool?>(nil)
        let flushes = Lock(0)

        func start() -> Bool {
            HostThreads.shared.run { [self] in
                let result = watch.standBy { flushes.withLock { $0 += 1 } }
                outcome.change { $0 = result }
            }
        }

        func beginCall() -> ListenerWatch.State? { watch.beginCall(start) }

        func endCall(_ call: ListenerWatch.State) -> Bool { watch.endCall(call) }

        func wait() -> Bool { outcome.wait { $0.map { .done($0) } ?? .wait(until: nil) } }
    }

    @Test("the standby thread takes over from a call that does not return")
    func longCall() throws {
        let scene = Scene()
        let call = try #require(scene.beginCall())
        #expect(scene.wait())
        #expect(!scene.endCall(call))
    }

    @Test("the standby thread cannot take over before a call is prepared")
    func preparation() throws {
        let scene = Scene()
        let first = try #require(scene.beginCall())
        #expect(scene.wait())
        var wasCalling: Bool?
        let started = scene.watch.beginCall(scene.start) { wasCalling = scene.watch.isCalling }
        let call = try #require(started)
        #expect(wasCalling == false && scene.watch.isCalling && call != first)
        _ = scene.endCall(call)
        scene.watch.finish()
    }

    @Test("the standby thread takes over at most once from a call")
    func again() throws {
        let scene = Scene()
        let call = try #require(scene.beginCall())
        #expect(scene.wait())
        // The thread that has taken over listens now, and runs a call itself.
        let started = scene.watch.beginCall { true }
        let next = try #require(started)
        #expect(next != call)
        #expect(!scene.endCall(call))
        #expect(scene.endCall(next))
        scene.watch.finish()
    }

    @Test("many short calls are not taken over, and their messages are flushed meanwhile")
    func shortCalls() throws {
        let scene = Scene()
        var taken = 0
        while scene.flushes.withLock(\.self) == 0, taken == 0 {
            let call = try #require(scene.beginCall())
            // A delay of this thread can look like a long call.
            if !scene.endCall(call) { taken += 1 }
        }
        scene.watch.finish()
        #expect(scene.wait() == (taken > 0))
    }

    @Test("the standby thread ends with the service, also after it has fallen asleep", arguments: [false, true])
    func end(isAsleep: Bool) throws {
        let scene = Scene()
        let call = try #require(scene.beginCall())
        if scene.endCall(call) {
            while isAsleep, !scene.watch.isAsleep {}
            scene.watch.finish()
            #expect(!scene.wait())
        } else {
            #expect(scene.wait())
        }
    }

    @Test("without a thread that stands by, no call is watched")
    func noThread() {
        let watch = ListenerWatch()
        let call = watch.beginCall { false }
        #expect(call == nil)
    }
}
