import Testing

@testable import ToolHost

@Suite("The slots for calls", .timeLimit(.minutes(5)))
struct CallSlotsTests {
    private final class Plugin: Sendable {}

    private let plugins = ["a": Plugin(), "b": Plugin(), "c": Plugin()]

    /// Returns the identity of a plugin by its name.
    private func id(_ name: String?) -> ObjectIdentifier? { name.flatMap { plugins[$0] }.map(ObjectIdentifier.init) }

    /// Starts tasks that take a slot, and returns once all of them wait.
    private func waiters(_ plugins: [String?], _ slots: CallSlots) async -> [Task<Bool, Never>] {
        var tasks: [Task<Bool, Never>] = []
        for (count, plugin) in plugins.enumerated() {
            tasks.append(Task.immediate { await slots.enter(id(plugin)) })
            #expect(slots.waiting == count + 1)
        }
        return tasks
    }

    @Test(
        "a call takes a slot while its plugin and all calls together are below their maximum",
        arguments: [
            (2, 2, ["a", "a"], "a", false), (2, 2, ["a"], "a", true), (2, 1, ["a"], "a", false),
            (2, 1, ["a"], "b", true),
            (1, 8, ["a"], "b", false), (1, 8, ["a"], nil, false), (8, 1, [nil, nil], nil, true),
            (0, 0, [], "a", true),
        ] as [(Int, Int, [String?], String?, Bool)]
    )
    func bounds(total: Int, each: Int, running: [String?], next: String?, isFree: Bool) async {
        let slots = CallSlots(total: total, each: each)
        for plugin in running { #expect(await slots.enter(id(plugin))) }
        let task = Task.immediate { await slots.enter(id(next)) }
        #expect(slots.waiting == (isFree ? 0 : 1))
        if !isFree { slots.leave(id(running[0])) }
        #expect(await task.value)
    }

    @Test("waiting calls are admitted in order, and one whose plugin is busy lets others pass")
    func order() async {
        let slots = CallSlots(total: 2, each: 1)
        #expect(await slots.enter(id("a")))
        #expect(await slots.enter(id("b")))
        let tasks = await waiters(["a", "b", "c"], slots)
        slots.leave(id("b"))
        #expect(await tasks[1].value)
        slots.leave(id("b"))
        #expect(await tasks[2].value)
        #expect(slots.waiting == 1)
        slots.leave(id("a"))
        #expect(await tasks[0].value)
    }

    @Test("a cancelled call stops waiting, and takes no slot")
    func cancellation() async {
        let slots = CallSlots(total: 1, each: 1)
        #expect(await slots.enter(id("a")))
        let tasks = await waiters(["a", "a"], slots)
        tasks[0].cancel()
        #expect(await !tasks[0].value)
        #expect(slots.waiting == 1)
        let late = Task.immediate {
            withUnsafeCurrentTask { $0?.cancel() }
            return await slots.enter(id("b"))
        }
        #expect(await !late.value)
        slots.leave(id("a"))
        #expect(await tasks[1].value)
    }
}
