import Testing
import ToolRuntime

@Suite("Lanes of calls")
struct LaneTests {
    private final class Job: LaneJob {
        let id: UInt64
        let isConcurrent: Bool

        init(_ id: UInt64, isConcurrent: Bool = false) { (self.id, self.isConcurrent) = (id, isConcurrent) }
    }

    private static func words(_ admission: Lane<Job>.Admission) -> String {
        switch admission {
        case .run: "run"
        case .wait: "wait"
        case .refuse: "refuse"
        }
    }

    @Test("jobs that are not concurrent run one after another, in their order")
    func serial() {
        var lane = Lane<Job>()
        let jobs = (1...3).map { Job($0) }
        #expect(jobs.map { Self.words(lane.admit($0)) } == ["run", "wait", "wait"])
        #expect(lane.leave(jobs[0]) === jobs[1])
        #expect(lane.leave(jobs[1]) === jobs[2])
        #expect(lane.leave(jobs[2]) == nil)
        #expect(Self.words(lane.admit(Job(4))) == "run")
    }

    @Test("concurrent jobs run at any time, and start no other job")
    func concurrent() {
        var lane = Lane<Job>()
        let (serial, waiting, concurrent) = (Job(1), Job(2), Job(3, isConcurrent: true))
        #expect([serial, waiting, concurrent].map { Self.words(lane.admit($0)) } == ["run", "wait", "run"])
        #expect(lane.leave(concurrent) == nil)
        #expect(lane.leave(serial) === waiting)
    }

    @Test("a stuck job rejects all jobs until it returns", arguments: [false, true])
    func wedged(isConcurrent: Bool) {
        var lane = Lane<Job>()
        let (stuck, waiting) = (Job(1, isConcurrent: isConcurrent), Job(2))
        _ = lane.admit(stuck)
        if isConcurrent { _ = lane.admit(Job(3)) }
        #expect(Self.words(lane.admit(waiting)) == "wait")
        #expect(lane.wedge(stuck).map(\.id) == [2])
        #expect(lane.isWedged)
        for job in [Job(4), Job(5, isConcurrent: true)] { #expect(Self.words(lane.admit(job)) == "refuse") }
        #expect(lane.leave(stuck) == nil)
        #expect(!lane.isWedged)
        #expect(Self.words(lane.admit(Job(6, isConcurrent: true))) == "run")
    }

    @Test("several stuck jobs must all return")
    func wedgedTwice() {
        var lane = Lane<Job>()
        let jobs = (1...2).map { Job($0, isConcurrent: true) }
        for job in jobs {
            _ = lane.admit(job)
            #expect(lane.wedge(job).isEmpty)
        }
        #expect(lane.leave(jobs[0]) == nil)
        #expect(lane.isWedged)
        #expect(lane.leave(jobs[1]) == nil)
        #expect(!lane.isWedged)
    }
}
