import Glibc
import Testing

@testable import ToolRuntime

/// Tests of calls that run on the thread that listens to the host.
@Suite("Short calls in a worker")
struct PluginServiceTests {
    @Test("a cancellation reaches a call of a tool that was short", arguments: [0, 1])
    func cancellation(tool: Int) throws {
        let service = try ServiceFixture()
        try service.learn()
        for how in ["wait", "write and wait"] {
            try service.send([service.call(how, tool: tool)])
            if how != "wait" { try service.receive(service.number) { $0.output == "first" } }
            try service.send([.cancel(service.number)])
            try service.complete(service.number)
            #expect(service.traces[service.number]?.ends == [.cancelled])
        }
    }

    @Test("a worker moves to the processor from which short calls keep coming", arguments: [0, 1])
    func placement(tool: Int) throws {
        // On a busy machine even the shortest call can take long.
        let service = try ServiceFixture(shortCall: 1_000_000_000)
        func run(_ calls: Int, from processor: UInt32) throws {
            for _ in 0..<calls {
                try service.send([service.call("", tool: tool, processor: processor)])
                try service.complete(service.number)
            }
        }
        // The worker does not know yet that the tool is short.
        try run(1, from: 5)
        try service.learn()
        try run(7, from: 5)
        try run(1, from: ServiceFixture.processor)
        #expect(service.processors == [])
        try run(16, from: 5)
        #expect(service.processors == [5, 5])
    }

    @Test("a call that blocks does not stop the calls after it")
    func siblings() throws {
        let service = try ServiceFixture()
        try service.learn()
        let blocked = service.number + 2
        try service.send([service.call(""), service.call("wait"), service.call(""), service.call("", tool: 1)])
        for number in [blocked - 1, blocked + 1, blocked + 2] { try service.complete(number) }
        #expect(service.traces[blocked, default: ServiceFixture.Trace()].ends.isEmpty)
        try service.send([.cancel(blocked)])
        try service.complete(blocked)
    }

    @Test("a cancellation around the takeover by the standby thread reaches its call", arguments: 0...3)
    func cancellationAtTakeover(milliseconds: UInt32) throws {
        let service = try ServiceFixture()
        try service.learn()
        for tool in [ServiceFixture.concurrent, ServiceFixture.serial] {
            try service.send([service.call("wait", tool: tool)])
            usleep(milliseconds * 1000)
            try service.send([.cancel(service.number)])
            try service.complete(service.number)
            #expect(service.traces[service.number]?.ends == [.cancelled])
        }
    }

    @Test("the deadline of a tool that was short is enforced", arguments: [1, 5, 19, 20, 21, 50])
    func deadline(milliseconds: Int) throws {
        let service = try ServiceFixture()
        try service.learn()
        try service.send([service.call("wait", timeout: .milliseconds(milliseconds))])
        try service.complete(service.number)
        #expect(service.traces[service.number]?.ends == [.timedOut])
    }

    @Test("a result is sent although the tool does not return")
    func result() throws {
        let service = try ServiceFixture()
        try service.learn()
        try service.send([service.call("finish and wait")])
        try service.receive(service.number) { !$0.ends.isEmpty }
        #expect(service.traces[service.number]?.returned == [])
        try service.complete(service.number)
    }

    @Test("a call that is completed later by another thread has its result", arguments: [0, 1])
    func pending(tool: Int) throws {
        let service = try ServiceFixture()
        try service.learn()
        let calls = (0..<8).map { _ in service.call("pending", tool: tool) }
        try service.send(calls)
        for number in service.number - 7...service.number {
            try service.complete(number)
            #expect(service.traces[number]?.output == "later" && service.traces[number]?.ends == [.completed(0)])
        }
    }

    @Test("each of many mixed calls ends, returns and is released once")
    func mixture() throws {
        let service = try ServiceFixture()
        try service.learn()
        let first = service.number + 1
        let hows = ["", "", "", "sleep", "", "pending", "", "wait", "", "", "finish and wait", ""]
        for round in 0..<40 {
            var messages: [HostMessage] = []
            for number in 0...round % 9 {
                let how = hows[(round * 7 + number * 5) % hows.count]
                messages.append(service.call(how, tool: how == "wait" ? 0 : (round + number) % 2))
                if how == "wait" { messages.append(.cancel(service.number)) }
            }
            try service.send(messages)
        }
        for number in first...service.number {
            try service.complete(number)
            let trace = try #require(service.traces[number])
            #expect(trace.ends.count == 1 && trace.returned.count == 1)
            #expect(trace.isReleased == (trace.returned == [false]))
            #expect(["done", "later", ""].contains(trace.output))
        }
    }
}
