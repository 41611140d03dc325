import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON

/// Programs in the place of `toolhost-worker` that know the protocol and do not keep to it.
@Suite("A worker that lies", .timeLimit(.minutes(15)))
struct LyingWorkerTests {
    /// The first liar's number; `TOOLHOST_LIARS` gives another.
    private static let first = ProcessInfo.processInfo.environment["TOOLHOST_LIARS"].flatMap(UInt64.init) ?? 0
    private static let count: UInt64 = 60
    /// Where `TOOLHOST_LIARS_SECONDS` is set, there are as many liars as that time allows.
    private static let time = ProcessInfo.processInfo.environment["TOOLHOST_LIARS_SECONDS"].flatMap(Int.init)

    /// Registers as a plugin of one tool, and answers each call with frames that the seed in its environment gives:
    /// right ones, and ones that are changed in kind, flags, call, length or content.
    private static let liar = #"""
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        static uint64_t state;
        static uint32_t roll(uint32_t sides) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            return (uint32_t)(state >> 33) % sides;
        }
        static char out[1 << 20];
        static size_t size;
        static void add(const void *bytes, size_t count) { memcpy(out + size, bytes, count); size += count; }
        static void add_text(const char *text) {
            uint32_t length = (uint32_t)strlen(text);
            add(&length, 4);
            add(text, length);
        }
        static void send_frame(uint16_t kind, uint16_t flags, uint64_t call, int32_t extra) {
            char header[16];
            uint32_t length = (uint32_t)((int32_t)size + extra);
            memcpy(header, &length, 4); memcpy(header + 4, &kind, 2);
            memcpy(header + 6, &flags, 2); memcpy(header + 8, &call, 8);
            size_t sent = 0;
            if (write(3, header, 16) != 16) _exit(0);
            while (sent < size) {
                ssize_t count = write(3, out + sent, size - sent);
                if (count <= 0) _exit(0);
                sent += (size_t)count;
            }
            size = 0;
        }
        static void payload(uint16_t kind) {
            uint32_t one = 1;
            int32_t number = (int32_t)roll(9) - 1;
            double half = 0.5;
            uint64_t time = (uint64_t)roll(2) * UINT64_MAX / 3;
            char flag = (char)roll(3), reason = (char)roll(5);
            switch (kind) {
            case 101: add_text("3"); break;
            case 102: add_text("{\"files\":true}"); size = size > 4 ? size - 4 : size; memmove(out, out + 4, size); break;
            case 103: add_text("{\"name\":\"liar\"}"); add(&one, 4); add_text("{\"name\":\"lie\"}"); add_text("");
                add("\1", 1); break;
            case 104: add_text("notFound"); add_text("gone"); break;
            case 105: add(&number, 4); add_text("words"); break;
            case 106: add_text("a violation"); break;
            case 107: add(&flag, 1); add_text(roll(5) ? "text/plain" : "nonsense"); add("some bytes", 10); break;
            case 108: add(&half, 8); add_text("half"); break;
            case 109: add(&reason, 1); add(&number, 4); add_text("a sentence"); add(&flag, 1); add(&time, 8); break;
            case 110: add(&flag, 1); break;
            case 112: add_text("localhost"); break;
            case 113: add(&flag, 1); break;
            }
        }
        static void lie(uint64_t call) {
            uint32_t frames = roll(6);
            for (uint32_t i = 0; i < frames; i++) {
                uint16_t kind = (uint16_t)(101 + roll(13)), flags = 0;
                uint64_t about = roll(3) ? call : roll(2) ? call + roll(3) - 1 : state;
                int32_t extra = 0;
                payload(kind);
                switch (roll(12)) {
                case 0: if (size) out[roll((uint32_t)size)] ^= (char)(1 << roll(8)); break;
                case 1: flags = (uint16_t)roll(3); break;
                case 2: extra = (int32_t)roll(40) - 20; if ((int32_t)size + extra < 0) extra = 0; break;
                case 3: kind = (uint16_t)roll(0x10000); break;
                case 4: size = roll((uint32_t)size + 1); break;
                case 5: while (size < sizeof out / 2 && roll(2)) add(out, size); break;
                }
                send_frame(kind, flags, about, extra);
            }
            switch (roll(8)) {
            case 0: _exit((int)roll(256));
            case 1: abort();
            case 2: for (;;) pause();
            case 3: close(3); sleep(1); _exit(0);
            case 4: for (int i = 0; i < 2000; i++) { payload(107); send_frame(107, 0, call, 0); } break;
            }
            if (roll(3)) { payload(109); memset(out, 0, 5); send_frame(109, 0, call, 0); }
            if (roll(3)) { size = 0; send_frame(111, 0, call, 0); }
        }
        int main(void) {
            char header[16];
            state = strtoull(getenv("LIAR"), NULL, 10) * 2654435761u + 1;
            payload(101); send_frame(101, 0, 0, 0);
            payload(102); send_frame(102, 0, 0, 0);
            payload(103); send_frame(103, 0, 0, 0);
            for (;;) {
                size_t have = 0;
                uint32_t length;
                uint16_t kind;
                uint64_t call;
                while (have < 16) {
                    ssize_t count = read(3, header + have, 16 - have);
                    if (count <= 0) return 0;
                    have += (size_t)count;
                }
                memcpy(&length, header, 4); memcpy(&kind, header + 4, 2); memcpy(&call, header + 8, 8);
                for (char byte; length > 0; length--) if (read(3, &byte, 1) != 1) return 0;
                if (kind == 4) lie(call);
            }
        }
        """#

    @Test("is believed in nothing: each call has its one answer, and the host stays whole")
    func lies() async throws {
        let directory = try FixtureDirectory()
        try directory.plugin("liar.so", "int nothing;")
        let program = try directory.program("liar", Self.liar)
        var statuses: [ToolStatus: Int] = [:]
        let end = Self.time.map { ContinuousClock.now + .seconds($0) }
        var seed = Self.first
        while end.map({ ContinuousClock.now < $0 }) ?? (seed < Self.first + Self.count) {
            defer { seed += 1 }
            let fixture = try await HostFixture.make(directory) {
                var workers = WorkerConfiguration(program: program)
                workers.environment = ["LIAR": String(seed)]
                $0.isolation = .workers(workers)
                $0.limits.timeout = .milliseconds(300)
                $0.limits.grace = .milliseconds(100)
                $0.limits.resultBytes = 1 << 20
            }
            #expect(fixture.host.tools.map(\.name) == ["lie"], "\(seed): \(fixture.host.plugins)")
            for _ in 0..<2 {
                let answers = await fixture.host.dispatch((0..<3).map { _ in ToolCall(name: "lie") })
                #expect(answers.count == 3)
                for answer in answers {
                    statuses[answer.status, default: 0] += 1
                    #expect(answer.text.utf8.count <= 1 << 20 && !answer.parts.contains { $0.mediaType.isEmpty })
                }
            }
        }
        print("liars: \(seed - Self.first), from number \(Self.first) on")
        // The liars tell the truth often enough to come far.
        #expect(Set(statuses.keys).isSuperset(of: [.ok, .pluginFailed, .timedOut]), "\(statuses)")
    }

    // MARK: - One lie at a time

    /// Registers as it should, sends the one frame that a call's arguments describe, and then the right answer.
    private static let forger =
        "#define FORGED_TIMEOUT \"30\"\n" + FrameForgery.source + #"""
            #include <stdio.h>
            static long argument(const char *text, const char *name) {
                const char *place = strstr(text, name);
                return place ? strtol(place + strlen(name) + 2, NULL, 10) : 0;
            }
            static int take(void *bytes, size_t size) {
                for (size_t have = 0; have < size; ) {
                    ssize_t count = read(3, (char *)bytes + have, size - have);
                    if (count <= 0) return -1;
                    have += (size_t)count;
                }
                return 0;
            }
            int main(void) {
                char header[16];
                static char payload[1 << 20];
                forge_whole(101, 0); forge_whole(102, 0); forge_whole(103, 0);
                while (take(header, 16) == 0) {
                    uint32_t length;
                    uint16_t kind;
                    uint64_t call;
                    memcpy(&length, header, 4); memcpy(&kind, header + 4, 2); memcpy(&call, header + 8, 8);
                    if (length >= sizeof payload || take(payload, length) < 0) return 1;
                    payload[length] = 0;
                    if (kind != 4) continue;
                    const char *text = payload + 28;
                    if (argument(text, "deaf")) for (;;) pause();
                    uint16_t lie = (uint16_t)argument(text, "kind");
                    forge_payload(lie);
                    long size = argument(text, "empty") ? 0 : (long)forged_size + argument(text, "extra");
                    forge_send(lie, (uint16_t)argument(text, "flags"), call + (uint64_t)argument(text, "other"),
                               (uint32_t)(size < 0 ? 0 : size));
                    forged_size = 0;
                    memset(forged, 0, 18);
                    forge_send(109, 0, call, 18);
                    forge_send(111, 0, call, 0);
                }
                return 0;
            }
            """#

    private func forgerFixture() async throws -> HostFixture {
        let directory = try FixtureDirectory()
        try directory.plugin("liar.so", "int nothing;")
        let program = try directory.program("forger", Self.forger)
        return try await HostFixture.make(directory) {
            $0.isolation = .workers(WorkerConfiguration(program: program))
        }
    }

    /// What becomes of a call about which a frame of a kind was sent.
    private func expectation(_ kind: Int, isOwn: Bool) -> (ToolStatus, String) {
        switch kind {
        case 101...104, 112: (.pluginFailed, "broke the protocol")
        case 107 where isOwn: (.ok, "forged")
        case 109 where isOwn: (.toolError, "")
        case 110 where isOwn, 111 where isOwn: (.pluginFailed, "gave no answer")
        default: (.ok, "")
        }
    }

    @Test("is heard in what it may say, and ended for anything else: every kind of message", arguments: 101...113)
    func forges(kind: Int) async throws {
        let fixture = try await forgerFixture()
        func check(_ arguments: JSONObject, _ expected: (ToolStatus, String)) async throws {
            var arguments = arguments
            arguments["kind"] = .int(kind)
            let call = ToolCall(name: "hostile", arguments: .object(arguments))
            let answer = try #require(await fixture.host.dispatch([call]).first)
            let isAsExpected = answer.status == expected.0 && (expected.1.isEmpty || answer.text.contains(expected.1))
            #expect(isAsExpected, "\(arguments): \(answer.status) \(answer.text)")
        }
        let isCaught = (ToolStatus.pluginFailed, "broke the protocol")
        try await check([:], expectation(kind, isOwn: true))
        try await check(["other": 1_000_000], expectation(kind, isOwn: false))
        try await check(["flags": 2], isCaught)
        try await check(["flags": 65535], isCaught)
        // The payload of a result goes on to the end of its frame, whatever that is.
        let takesRest = kind == 107
        for extra in [1, 3, 100, 5000] {
            try await check(["extra": .int(extra)], takesRest ? (.ok, "forged") : isCaught)
        }
        try await check(["extra": 300_000], isCaught)
        if kind != 111 {
            try await check(["empty": 1], isCaught)
            try await check(["extra": -1], takesRest ? (.ok, "forge") : isCaught)
        }
    }

    @Test("and does not read what it is told is ended for that")
    func isDeaf() async throws {
        let fixture = try await forgerFixture()
        let much = JSON.string(String(repeating: "x", count: 4 << 20))
        let call = ToolCall(name: "hostile", arguments: ["deaf": 1, "much": much])
        // The first is read, and the second is more than a socket holds.
        let answers = await fixture.host.dispatch([ToolCall(name: "hostile", arguments: ["deaf": 1]), call])
        #expect(answers.map(\.status).contains(.pluginFailed))
        #expect(answers.contains { $0.text.contains("did not read") }, "\(answers.map(\.text))")
    }
}
