import Locks
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolSchema

@Suite("Dispatch", .inBothIsolations, .timeLimit(.minutes(10)))
struct DispatchTests {
    @Test("every call has a result in the order of the calls, and one of an unknown tool lists the tools")
    func answersInOrder() async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy])
        let answers = await fixture.host.dispatch([
            ToolCall(id: "1", name: "echo", arguments: ["b": 1, "a": [true]]),
            ToolCall(name: "nope"),
            ToolCall(name: "repeat", arguments: ["text": "é", "times": "thrice"]),
            ToolCall(id: "1", name: "repeat", arguments: ["text": "é", "times": 3]),
        ]).results
        #expect(answers.map(\.status) == [.ok, .unknownTool, .invalidArguments, .ok])
        #expect(
            answers.map(\.text) == [
                #"{"b":1,"a":[true]}"#, "Tool nope not found. The tools are: echo, repeat.",
                "The arguments do not fit repeat:\n- times: expected an integer, got \"thrice\"",
                "ééé",
            ]
        )
        #expect(answers.map(\.call.id) == ["1", nil, nil, "1"])
    }

    @Test("a tool is found by its exact name only, and not by one that is equal in Unicode")
    func exactName() async throws {
        let source = FixtureSource.tool("eraseKeys", body: #"return tool_reply(call, tool_text("gone"));"#)
        let fixture = try await HostFixture.make(["keys": source])
        // A policy rule that denies the one name does not match the other.
        let answers = await fixture.host.dispatch(["K", "\u{212A}"].map { ToolCall(name: "erase\($0)eys") }).results
        #expect(answers.map(\.status) == [.ok, .unknownTool])
        #expect(fixture.host.tool(named: "erase\u{212A}eys") == nil)
    }

    @Test("a call of a tool that is not offered is a call of an unknown tool")
    func offersSome() async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy])
        let answers = await fixture.host.dispatch(
            [ToolCall(name: "echo"), ToolCall(name: "repeat")],
            offered: ["echo"]
        ).results
        #expect(answers.map(\.text) == ["{}", "Tool repeat not found. The tools are: echo."])
    }

    @Test(
        "arguments in every form that models use reach the tool as an object",
        arguments: [
            (nil, "{}"), ("", "{}"), (" \n", "{}"), (#"{"a":1}"#, #"{"a":1}"#), ([:], "{}"),
            ([["a": 1]], #"{"a":1}"#), (#"[{"a":1}]"#, #"{"a":1}"#), (#""{\"a\":1}""#, #"{"a":1}"#),
            (#"{"a":"q\udc00"}"#, "{\"a\":\"q\u{FFFD}\"}"),
        ] as [(JSON, String)]
    )
    func normalises(arguments: JSON, text: String) async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy])
        let answers = await fixture.host.dispatch([ToolCall(name: "echo", arguments: arguments)]).results
        #expect(answers.map(\.text) == [text])
    }

    @Test(
        "arguments that are not an object are rejected",
        arguments: [
            ([1], "array"), ([], "array"), ([[:], [:]], "array"), ([[[:]]], "array"), (7, "number"), (true, "boolean"),
            ("[1]", "object"), (#""a""#, "JSON"), ("{a", "JSON"), (#""\"\\\"{}\\\"\"""#, "object"),
        ] as [(JSON, String)]
    )
    func refusesOthers(arguments: JSON, word: String) async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy])
        let answers = await fixture.host.dispatch([ToolCall(name: "echo", arguments: arguments)]).results
        #expect(answers.map(\.status) == [.invalidArguments])
        #expect(answers.first?.text.contains(word) == true)
    }

    @Test("arguments that repeat the whole call are unwrapped, and the coercion is reported")
    func unwraps() async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy])
        let arguments: JSON = ["text": "é", "times": "2"]
        let answers = await fixture.host.dispatch([
            ToolCall(name: "repeat", arguments: ["name": "repeat", "arguments": arguments]),
            ToolCall(name: "repeat", arguments: ["parameters": arguments]),
            ToolCall(name: "repeat", arguments: ["name": "echo", "arguments": arguments]),
        ]).results
        #expect(answers.map(\.status) == [.ok, .ok, .invalidArguments])
        #expect(answers.map(\.text).prefix(2) == ["éé", "éé"])
        #expect(
            answers.map { $0.coercions.map(\.rule) } == [
                [.argumentsUnwrapped, .numberFromText], [.argumentsUnwrapped, .numberFromText], [],
            ]
        )
        #expect(answers[1].call.arguments == ["parameters": arguments])
    }

    /// A tool that waits until another call of it has started.
    static let meeting = FixtureSource.tool(
        "meet",
        before: "static pthread_barrier_t barrier; __attribute__((constructor)) static void prepare(void) "
            + "{ pthread_barrier_init(&barrier, NULL, 2); }",
        body: "pthread_barrier_wait(&barrier); return tool_reply(call, tool_text(\"met\"));"
    )

    @Test("the calls of one message run in parallel")
    func runsInParallel() async throws {
        let fixture = try await HostFixture.make(["meet": Self.meeting])
        let answers = await fixture.host.dispatch([ToolCall(name: "meet"), ToolCall(name: "meet")]).results
        #expect(answers.map(\.text) == ["met", "met"])
    }

    @Test("tools of a plugin that are not concurrent run one after another")
    func serialises() async throws {
        let source = FixtureSource.tool(
            "alone",
            flags: "0",
            before: "static int inside, most;",
            body: """
                int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
                if (now > most) most = now;
                sched_yield(); usleep(2000);
                tool_print(call, "%d", most);
                __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
                return tool_finish(call, TOOL_OK);
                """
        )
        let fixture = try await HostFixture.make(["alone": "#include <sched.h>\n" + source])
        let answers = await fixture.host.dispatch(Array(repeating: ToolCall(name: "alone"), count: 20)).results
        #expect(answers.map(\.text) == Array(repeating: "1", count: 20))
    }

    @Test("a call ends at its deadline, and a plugin that is stuck in this process takes no further calls")
    func deadline() async throws {
        let stuck = FixtureSource.tool("stuck", body: "for (;;) pause();")
        let fixture = try await HostFixture.make(["stuck": stuck, "healthy": FixtureSource.healthy]) {
            $0.limits.timeout = .milliseconds(100)
            $0.limits.grace = .milliseconds(50)
            $0.isolation = .inProcess
        }
        let answers = await fixture.host.dispatch([ToolCall(name: "stuck"), ToolCall(name: "echo")]).results
        #expect(answers.map(\.status) == [.timedOut, .ok])
        #expect(answers.first?.text == "The tool did not answer within 0.1 seconds.")
        // The plugin counts as stuck after the grace period: until then further calls time out, too.
        var last = answers[0]
        for _ in 0..<100 where last.status == .timedOut {
            last = await fixture.host.dispatch([ToolCall(name: "stuck")]).results[0]
        }
        #expect(last.status == .pluginFailed && last.text.contains("stuck in an earlier call"))
        #expect(await fixture.host.dispatch([ToolCall(name: "echo")]).results.map(\.status) == [.ok])
    }

    @Test("a plugin that stops after its deadline runs further calls")
    func recovers() async throws {
        let source = FixtureSource.tool(
            "slow",
            flags: "0",
            body: "while (!tool_is_cancelled(call)) usleep(1000); return tool_fail(call, TOOL_CANCELLED, \"late\");"
        )
        let fixture = try await HostFixture.make(["slow": source]) { $0.limits.timeout = .milliseconds(50) }
        let answers = await fixture.host.dispatch([ToolCall(name: "slow"), ToolCall(name: "slow")]).results
        #expect(answers.map(\.status) == [.timedOut, .timedOut])
        #expect(fixture.host.plugins.allSatisfy { !$0.needsAttention })
    }

    @Test("a timeout in the schema of a tool replaces the host's")
    func ownDeadline() async throws {
        let source = FixtureSource.tool(
            "own",
            extra: #","toolhost":{"timeout":0.05}"#,
            body: "while (!tool_is_cancelled(call)) usleep(1000); return tool_fail(call, TOOL_CANCELLED, \"late\");"
        )
        let fixture = try await HostFixture.make(["own": source])
        #expect(await fixture.host.dispatch([ToolCall(name: "own")]).results.map(\.status) == [.timedOut])
    }

    @Test("cancelled calls end at once, and the plugin is asked to stop")
    func cancels() async throws {
        let source = FixtureSource.tool(
            "wait",
            cancel: "__atomic_store_n(&told, 1, __ATOMIC_SEQ_CST);",
            before: "static int told;",
            body: """
                while (!__atomic_load_n(&told, __ATOMIC_SEQ_CST)) usleep(1000);
                return tool_fail(call, TOOL_CANCELLED, "stopped");
                """
        )
        let fixture = try await HostFixture.make(["wait": source])
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            await fixture.host.dispatch([ToolCall(name: "wait"), ToolCall(name: "wait")]).observing { event in
                if case .started = event.kind { signal.yield() }
            }
        }
        var beginnings = started.makeAsyncIterator()
        for _ in 0..<2 { await beginnings.next() }
        task.cancel()
        #expect(await task.value.map(\.status) == [.cancelled, .cancelled])
    }

    @Test("a call can be completed later, on another thread")
    func pending() async throws {
        let source = FixtureSource.tool(
            "later",
            before: """
                struct job { const tool_host_v1 *host; uint64_t call; };
                static void *work(void *argument) {
                    struct job *job = argument;
                    job->host->write(job->host, job->call, tool_text(""), tool_text("done later"));
                    job->host->complete(job->host, job->call, TOOL_OK);
                    free(job);
                    return NULL;
                }
                """,
            body: """
                struct job *job = malloc(sizeof *job);
                job->host = call->host; job->call = call->id;
                pthread_t thread;
                pthread_create(&thread, NULL, work, job);
                pthread_detach(thread);
                return TOOL_PENDING;
                """
        )
        let fixture = try await HostFixture.make(["later": source])
        let answers = await fixture.host.dispatch(Array(repeating: ToolCall(name: "later"), count: 16)).results
        #expect(answers.map(\.text) == Array(repeating: "done later", count: 16))
    }

    struct Misconduct: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let status: ToolStatus
        let violation: String?
    }

    @Test(
        "a contract violation is reported, and affects at most its own call",
        arguments: [
            Misconduct(
                testDescription: "done, not completed",
                body: "return TOOL_DONE;",
                status: .pluginFailed,
                violation: "without having completed"
            ),
            Misconduct(
                testDescription: "unknown code",
                body: "return 77;",
                status: .pluginFailed,
                violation: "returned 77"
            ),
            Misconduct(
                testDescription: "completed twice",
                body: "tool_reply(call, tool_text(\"once\")); return tool_finish(call, TOOL_OK);",
                status: .ok,
                violation: "twice"
            ),
            Misconduct(
                testDescription: "completes a call that does not exist",
                body: "call->host->complete(call->host, 1ull << 60, 0); return tool_finish(call, TOOL_OK);",
                status: .ok,
                violation: "does not run"
            ),
            Misconduct(
                testDescription: "unknown status",
                body: "return tool_fail(call, 99, \"x\");",
                status: .toolError,
                violation: nil
            ),
            Misconduct(
                testDescription: "internal",
                body: "return tool_finish(call, TOOL_INTERNAL);",
                status: .pluginFailed,
                violation: nil
            ),
            Misconduct(
                testDescription: "invalid JSON",
                body: "tool_write_json(call, tool_text(\"{\")); return tool_finish(call, TOOL_OK);",
                status: .pluginFailed,
                violation: nil
            ),
            Misconduct(
                testDescription: "writes after the end",
                body: "tool_finish(call, TOOL_OK); tool_write_text(call, tool_text(\"late\")); return TOOL_DONE;",
                status: .ok,
                violation: nil
            ),
            Misconduct(
                testDescription: "bad pointers",
                body: """
                    tool_text_v1 bad = {NULL, 5};
                    int ok = call->host->write(call->host, call->id, tool_text(""), bad) == TOOL_RESULT_INVALID
                        && call->host->get_i64(call->host, call->id, bad, NULL) == TOOL_RESULT_INVALID
                        && call->host->log(NULL, 0, bad) == TOOL_RESULT_INVALID
                        && call->host->write(call->host, call->id, tool_text("no type"), tool_text("x")) == TOOL_RESULT_INVALID;
                    return tool_finish(call, ok ? TOOL_OK : TOOL_ERROR);
                    """,
                status: .ok,
                violation: nil
            ),
        ]
    )
    func misconduct(_ misconduct: Misconduct) async throws {
        let fixture = try await HostFixture.make(["bad": FixtureSource.tool("bad", body: misconduct.body)])
        let answers = await fixture.host.dispatch([ToolCall(name: "bad")]).results
        #expect(answers.map(\.status) == [misconduct.status])
        func problems() -> String { fixture.host.plugins.flatMap(\.problems).joined() }
        if let violation = misconduct.violation {
            // The call has its result before the plugin violates the contract.
            while problems().isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            #expect(problems().contains(violation), "\(problems())")
        } else {
            #expect(problems().isEmpty)
        }
    }

    @Test("a result above the limit is truncated and says so")
    func cutsResults() async throws {
        let source = FixtureSource.tool(
            "flood",
            body:
                "while (tool_write_text(call, tool_text(\"0123456789\")) == TOOL_RESULT_OK) { } return tool_finish(call, TOOL_OK);"
        )
        let fixture = try await HostFixture.make(["flood": source]) { $0.limits.resultBytes = 1005 }
        let answer = try #require(await fixture.host.dispatch([ToolCall(name: "flood")]).results.first)
        #expect(answer.text.hasPrefix("0123456789") && answer.text.contains("longer than 1005 bytes"))
        #expect(answer.text.utf8.count < 1200)
    }

    @Test("calls beyond the limit are not run and have a result")
    func limitsCalls() async throws {
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy]) { $0.limits.calls = 3 }
        let answers = await fixture.host.dispatch(Array(repeating: ToolCall(name: "echo"), count: 5)).results
        #expect(answers.map(\.status) == [.ok, .ok, .ok, .notRun, .notRun])
    }

    @Test("the number of calls that run at once stays within the limits", arguments: [(2, 64), (64, 2)])
    func limitsConcurrency(total: Int, each: Int) async throws {
        let source = FixtureSource.tool(
            "count",
            before: "static int inside, most;",
            body: """
                int now = __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
                int seen = __atomic_load_n(&most, __ATOMIC_SEQ_CST);
                while (now > seen && !__atomic_compare_exchange_n(&most, &seen, now, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) { }
                usleep(3000);
                tool_print(call, "%d", __atomic_load_n(&most, __ATOMIC_SEQ_CST));
                __atomic_sub_fetch(&inside, 1, __ATOMIC_SEQ_CST);
                return tool_finish(call, TOOL_OK);
                """
        )
        let fixture = try await HostFixture.make(["count": source]) {
            $0.limits.concurrency = total
            $0.limits.concurrencyPerPlugin = each
        }
        let answers = await fixture.host.dispatch(Array(repeating: ToolCall(name: "count"), count: 12)).results
        #expect(answers.allSatisfy { $0.text == "1" || $0.text == "2" })
        #expect(answers.count == 12)
    }

    @Test("the program decides about each call before it runs, with the arguments that the tool will see")
    func gate() async throws {
        let asked = Lock<[AuthorizationRequest]>([])
        let fixture = try await HostFixture.make(["healthy": FixtureSource.healthy]) {
            $0.authorization.decide = { request in
                asked.withLock { $0.append(request) }
                return request.toolName == "echo" ? .deny(reason: "not today") : .allow
            }
        }
        let answers = await fixture.host.dispatch([
            ToolCall(name: "echo", arguments: "{}"), ToolCall(name: "repeat", arguments: ["text": "a", "times": 1]),
        ]).results
        #expect(answers.map(\.status) == [.denied, .ok])
        #expect(answers.first?.text == "The call was refused: not today")
        #expect(asked.withLock { $0.first { $0.toolName == "echo" }?.arguments } == [:])
    }
}
