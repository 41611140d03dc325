import Locks
import Logging
import TestSupport
import Testing
import ToolHost
import ToolJSON

@Suite("The plugin contract", .inBothIsolations, .timeLimit(.minutes(10)))
struct ContractTests {
    /// A tool that calls a getter for `/v`, and returns the code, or the value if the code is 0.
    private static let getters = FixtureSource.tool(
        "get",
        body: """
            tool_text_v1 kind, text;
            int64_t i = 0; double d = 0; uint8_t b = 0; int32_t code = 0;
            tool_get_text(call, "/kind", &kind);
            switch (kind.bytes[0]) {
            case 't': code = tool_get_text(call, "/v", &text);
                if (!code) tool_print(call, "%.*s|%d", (int)text.length, text.bytes, text.bytes[text.length]); break;
            case 'i': code = tool_get_i64(call, "/v", &i); if (!code) tool_print(call, "%lld", (long long)i); break;
            case 'f': code = tool_get_f64(call, "/v", &d); if (!code) tool_print(call, "%.17g", d); break;
            case 'b': code = tool_get_bool(call, "/v", &b); if (!code) tool_print(call, "%d", b); break;
            case 'j': code = tool_get_json(call, "/v", &text);
                if (!code) tool_print(call, "%.*s", (int)text.length, text.bytes); break;
            case 'p': code = tool_get_text(call, "/v/list/1/a~1b", &text);
                if (!code) tool_print(call, "%.*s", (int)text.length, text.bytes); break;
            }
            if (code) tool_print(call, "%d", code);
            return tool_finish(call, TOOL_OK);
            """
    )

    @Test("the getters return arguments by JSON pointer and type")
    func getters() async throws {
        let missing = "-1"
        let wrongType = "-2"
        let range = "-3"
        let table: [(kind: JSON, value: JSON?, text: String)] = [
            ("t", "é\u{0}x", "é|0"), ("t", "", "|0"), ("t", 1, wrongType), ("t", nil, missing), ("t", .null, wrongType),
            ("i", 42, "42"), ("i", 42.0, "42"), ("i", "42", wrongType), ("i", 1.5, wrongType), ("i", true, wrongType),
            ("i", try JSON(parsing: "1e3"), "1000"),
            ("i", try JSON(parsing: "9223372036854775807"), "9223372036854775807"),
            ("i", try JSON(parsing: "-9223372036854775808"), "-9223372036854775808"),
            ("i", try JSON(parsing: "9223372036854775808"), range), ("i", try JSON(parsing: "1e400"), range),
            ("f", 1.5, "1.5"), ("f", 3, "3"), ("f", try JSON(parsing: "1e400"), range), ("f", "1", wrongType),
            ("b", true, "1"), ("b", false, "0"), ("b", 1, wrongType),
            ("j", ["z": [1, nil], "a": "x"], #"{"z":[1,null],"a":"x"}"#), ("j", nil, missing),
            ("p", ["list": [0, ["a/b": "found"]]], "found"), ("p", ["list": [0]], missing),
        ]
        let fixture = try await HostFixture.make(["get": Self.getters])
        let calls = table.map { row in
            var arguments: JSONObject = ["kind": row.kind]
            arguments["v"] = row.value
            return ToolCall(name: "get", arguments: .object(arguments))
        }
        for (answer, row) in zip(await fixture.host.dispatch(calls).results, table) {
            // printf in C stops at the zero byte inside the first string.
            #expect(answer.text.hasPrefix(row.text), "\(row): \(answer.text)")
        }
    }

    @Test("a plugin receives the user's values of the keys that it declares, and no others")
    func configuration() async throws {
        let source = FixtureSource.tool(
            "ask",
            manifest: #"{"name":"ask","config":["root"]}"#,
            body: """
                tool_text_v1 value;
                tool_print(call, "%d ", call->host->config(call->host, tool_text("other"), &value));
                if (call->host->config(call->host, tool_text("root"), &value) == TOOL_RESULT_OK) tool_write_text(call, value);
                return tool_finish(call, TOOL_OK);
                """
        )
        let fixture = try await HostFixture.make(["ask": source]) {
            $0.pluginValues = ["ask": ["root": "/srv", "other": "x"], "elsewhere": ["root": "/"]]
        }
        #expect(await fixture.host.dispatch([ToolCall(name: "ask")]).results.map(\.text) == ["-1 /srv"])
        #expect(fixture.host.plugins.map(\.configurationKeys) == [["root"]])
    }

    @Test("host names are resolved only for plugins with a network permission", arguments: [true, false])
    func resolves(isPermitted: Bool) async throws {
        let source = FixtureSource.tool(
            "resolve",
            manifest: #"{"name":"resolve"\#(isPermitted ? #","permissions":{"network":[443]}"# : "")}"#,
            body: """
                tool_text_v1 found;
                int32_t code = call->host->resolve(call->host, call->id, tool_text("127.0.0.1"), &found);
                if (code == TOOL_RESULT_OK) tool_write_text(call, found); else tool_print(call, "%d", code);
                return tool_finish(call, TOOL_OK);
                """
        )
        let fixture = try await HostFixture.make(["resolve": source]) {
            if isPermitted { $0.authorization.trust.allowances = [try Allowance(parsing: "network=443")] }
        }
        let answers = await fixture.host.dispatch([ToolCall(name: "resolve")]).results
        #expect(answers.map(\.text) == [isPermitted ? "127.0.0.1" : "-6"])
    }

    @Test("more threads can resolve host names than may wait for replies at a time")
    func resolvesMany() async throws {
        let source = FixtureSource.tool(
            "resolve",
            before: """
                #include <pthread.h>
                static int found;
                static void *resolve(void *value) {
                    const tool_call_v1 *call = value;
                    tool_text_v1 addresses;
                    for (int i = 0; i < 20; i++)
                        if (call->host->resolve(call->host, call->id, tool_text("127.0.0.1"), &addresses) == TOOL_RESULT_OK)
                            __atomic_fetch_add(&found, 1, __ATOMIC_RELAXED);
                    return NULL;
                }
                """,
            manifest: #"{"name":"resolve","permissions":{"network":[443]}}"#,
            body: """
                pthread_t threads[50];
                for (int i = 0; i < 50; i++) pthread_create(&threads[i], NULL, resolve, (void *)call);
                for (int i = 0; i < 50; i++) pthread_join(threads[i], NULL);
                tool_print(call, "%d", found);
                return tool_finish(call, TOOL_OK);
                """
        )
        let fixture = try await HostFixture.make(["resolve": source]) {
            $0.authorization.trust.allowances = [try Allowance(parsing: "network=443")]
        }
        #expect(await fixture.host.dispatch([ToolCall(name: "resolve")]).results.map(\.text) == ["1000"])
    }

    @Test("parts, progress and log messages of a call arrive as the tool writes them")
    func carries() async throws {
        let source = FixtureSource.tool(
            "show",
            body: """
                tool_progress(call, 0.25, "a quarter");
                tool_progress(call, -1, "unknown");
                call->host->log(call->host, TOOL_LOG_WARNING, tool_text("take care"));
                tool_print(call, "one ");
                tool_print(call, "two");
                tool_write_data(call, "image/png", "\\211PNG", 4);
                tool_write_data(call, "image/png", "\\211PNG", 4);
                tool_write_json(call, tool_text("{\\"a\\":1}"));
                return tool_finish(call, TOOL_OK);
                """
        )
        let lines = Lock<[String]>([])
        var events: [String] = []
        var progress: [String] = []
        var output: [String: [UInt8]] = [:]
        let fixture = try await HostFixture.make(["show": source]) {
            $0.logger = .recording { _, level, text in lines.withLock { $0.append("\(level) \(text)") } }
        }
        let answers = await fixture.host.dispatch([ToolCall(name: "show")]).observing { event in
            switch event.kind {
            case .started(let call): events.append("started \(call.name)")
            case .output(let part): output[part.mediaType, default: []] += part.bytes
            case .progress(let fraction, let text): progress.append("\(fraction ?? -1) \(text)")
            case .finished(let result): events.append("finished \(result.status)")
            }
        }
        let answer = try #require(answers.first)
        #expect(
            answer.parts.map(\.mediaType) == [
                "text/plain; charset=utf-8", "image/png", "image/png", "application/json",
            ]
        )
        #expect(answer.text == "one two[image/png, 4 bytes][image/png, 4 bytes]{\"a\":1}")
        #expect(answer.images == [[0x89, 0x50, 0x4E, 0x47], [0x89, 0x50, 0x4E, 0x47]])
        #expect(lines.withLock(\.self) == ["warning take care"])
        #expect(events == ["started show", "finished ok"])
        #expect(progress == ["0.25 a quarter", "-1.0 unknown"])
        #expect(output.mapValues(\.count) == ["text/plain; charset=utf-8": 7, "image/png": 8, "application/json": 7])
    }

    @Test("each call has its own number, arguments and deadline")
    func call() async throws {
        let source = FixtureSource.tool(
            "who",
            body: """
                struct timespec now;
                clock_gettime(CLOCK_MONOTONIC, &now);
                double left = (double)call->deadline_ns / 1e9 - (double)now.tv_sec - now.tv_nsec / 1e9;
                tool_print(call, "%llu %d %d %.*s", (unsigned long long)call->id, call->struct_size == sizeof *call,
                    left > 50 && left <= 60, (int)call->arguments.length, call->arguments.bytes);
                return tool_finish(call, TOOL_OK);
                """
        )
        let fixture = try await HostFixture.make(["who": "#define _GNU_SOURCE\n#include <time.h>\n" + source])
        let answers = await fixture.host.dispatch(
            (0..<50).map { ToolCall(id: "same", name: "who", arguments: ["n": .int($0)]) }
        ).results
        #expect(Set(answers.map { $0.text.prefix { $0 != " " } }).count == 50)
        for (index, answer) in answers.enumerated() { #expect(answer.text.hasSuffix(" 1 1 {\"n\":\(index)}")) }
    }
}
