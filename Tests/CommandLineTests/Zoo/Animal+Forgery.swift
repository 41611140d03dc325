import TestSupport

// MARK: - What they say in their process's name

extension Animal {
    private static let isCaught = Outcome.answer("plugin_failed", "broke the protocol of workers")

    private static func forger(_ name: String, _ statement: String, _ outcome: Outcome = isCaught) -> Animal {
        Animal(
            name: name,
            before: FrameForgery.source,
            body: "\(statement) return tool_reply(call, tool_text(\"reached\"));",
            outcome: outcome
        )
    }

    /// The host's numbers of calls, which plugins are not told: the first that a host gives away.
    private static func everyCall(_ statement: String) -> String {
        "for (uint64_t id = 0; id < 100; id++) \(statement)"
    }

    /// Messages as the protocol has them, and what becomes of a call in which a plugin sends them.
    private static let wholeMessages: [(kind: Int, outcome: Outcome)] = [
        (101, isCaught), (102, isCaught), (103, isCaught), (104, isCaught),
        // These it may send; they are its own words in any case.
        (105, .answer("ok", "reached")), (106, .answer("ok", "reached")), (107, .answer("ok", "forgedreached")),
        (108, .answer("ok", "reached")), (109, .answer("tool_error", "")),
        (110, .answer("plugin_failed", "gave no answer")), (111, .answer("plugin_failed", "gave no answer")),
        (112, isCaught), (113, .answer("ok", "reached")),
    ]

    /// They forge messages of every kind.
    static let forging: [Animal] =
        wholeMessages.map { kind, outcome in
            forger("sends message \(kind) about every call", everyCall("forge_whole(\(kind), id);"), outcome)
        }
        + (1...6).map { kind in
            forger("forges what hosts say, kind \(kind)", "memset(forged, 0, 16); forge_send(\(kind), 0, 1, 16);")
        }
        + [
            forger("writes rubbish to the protocol's descriptor", #"forge_write("rubbish, and a lot of it\n", 25);"#),
            forger("sends a frame of an enormous length", "forge_send(110, 0, 1, 0xFFFFFFFFu);"),
            forger(
                "sends half a frame",
                "char header[16] = {0x88, 0x13, 0, 0, 110}; forge_write(header, 16);",
                // What it says after that is taken for the rest of it.
                .answer("timed_out", "")
            ),
            forger("sends an unknown kind", "forge_send(4711, 0, 0, 0);"),
            forger("sends unknown flags", "forge_send(107, 0xFFFF, 1, 0);"),
            forger(
                "sends parts without end",
                "for (int i = 0; i < 100000; i++) if (forge_send(107, 1, 1, 65536) < 0) break;",
                .oneOf(["plugin_failed", "timed_out"])
            ),
            forger("sends its messages in a circle", "for (int i = 0; i < 3000; i++) forge_whole(101 + i % 13, 1);"),
            forger(
                "floods with names to resolve",
                "for (int i = 0; i < 100000; i++) if (forge_whole(112, i) < 0) break;"
            ),
            forger("sends a violation in pieces", "forge_send(106, 1, 0, 65536);"),
            forger(
                "sends violations whose characters are long to compare",
                #"""
                for (int i = 0; i < 3; i++) {
                    forged_size = 0;
                    forge_number(200001, 4);
                    forge_number('a' + i, 1);
                    for (int k = 0; k < 50000; k++) forge_add("\xCC\x81\xCC\x96", 4);
                    forge_send(106, 0, 0, (uint32_t)forged_size);
                }
                """#,
                .answer("ok", "reached")
            ),
            Animal(
                name: "registers without end in its constructor",
                before: FrameForgery.source,
                constructor: "memset(forged, '[', 262144); while (forge_send(103, 1, 0, 262144) == 0) { }",
                outcome: .missing("messages of more than")
            ),
            Animal(
                name: "registers more in its constructor than it may",
                before: FrameForgery.source,
                constructor: """
                    forge_number(100000, 4);
                    memset(forged + 4, ' ', 100000);
                    forged_size += 100000;
                    forge_number(0, 4);
                    forge_send(103, 0, 0, (uint32_t)forged_size);
                    for (;;) pause();
                    """,
                outcome: .missing("a manifest of 100000 bytes")
            ),
            Animal(
                name: "blames its confinement in its constructor",
                before: FrameForgery.source,
                constructor: """
                    forge_text("notConfined");
                    forge_text("Use --sandbox off.");
                    forge_send(104, 0, 0, (uint32_t)forged_size);
                    for (;;) pause();
                    """,
                outcome: .missing("its process says: Use --sandbox off.")
            ),
            Animal(
                name: "tells of a sandbox in its constructor",
                before: FrameForgery.source,
                constructor: "forge_whole(102, 0);",
                outcome: .missing("broke the protocol of workers")
            ),
            Animal(
                name: "tells of a sandbox as it registers",
                before: FrameForgery.source,
                registration: "forge_whole(102, 0);",
                outcome: .missing("broke the protocol of workers")
            ),
            Animal(
                name: "registers in its constructor, and then again",
                before: FrameForgery.source,
                constructor: "forge_whole(103, 0);",
                outcome: isCaught
            ),
            Animal(
                name: "registers and answers in its constructor",
                before: FrameForgery.source,
                constructor: "forge_whole(103, 0); for (;;) { \(everyCall("forge_whole(109, id);")) usleep(1000); }",
                // Whoever answers, the plugin or what is around it: it is the answer of this plugin's own call.
                outcome: .answer("tool_error", "")
            ),
        ]
}
