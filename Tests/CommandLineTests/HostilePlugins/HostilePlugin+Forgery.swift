import TestSupport

// MARK: - Forged messages

extension HostilePlugin {
    private static let isDetected = Outcome.result("plugin_failed", "broke the protocol of workers")

    private static func forger(_ name: String, _ statement: String, _ outcome: Outcome = isDetected) -> HostilePlugin {
        HostilePlugin(
            name: name,
            declarations: FrameForgery.source,
            body: "\(statement) return tool_reply(call, tool_text(\"reached\"));",
            outcome: outcome
        )
    }

    /// Repeats a statement for the first call ids of a host, which plugins do not know.
    private static func everyCall(_ statement: String) -> String {
        "for (uint64_t id = 0; id < 100; id++) \(statement)"
    }

    /// Well-formed messages of the protocol, and the outcome of a call in which a plugin sends them.
    private static let wholeMessages: [(kind: Int, outcome: Outcome)] = [
        (101, isDetected), (102, isDetected), (103, isDetected), (104, isDetected),
        // A plugin can send these through its host table as well.
        (105, .result("ok", "reached")), (106, .result("ok", "reached")), (107, .result("ok", "forgedreached")),
        (108, .result("ok", "reached")), (109, .result("tool_error", "")),
        (110, .result("plugin_failed", "sent no result")), (111, .result("plugin_failed", "sent no result")),
        (112, isDetected), (113, .result("ok", "reached")),
    ]

    /// Plugins that forge messages of every kind.
    static let forging: [HostilePlugin] =
        wholeMessages.map { kind, outcome in
            forger("sends message \(kind) for every call", everyCall("forge_whole(\(kind), id);"), outcome)
        }
        + (1...6).map { kind in
            forger("sends message \(kind) of a host", "memset(forged, 0, 16); forge_send(\(kind), 0, 1, 16);")
        }
        + [
            forger(
                "writes invalid bytes to the descriptor of the protocol",
                #"forge_write("rubbish, and a lot of it\n", 25);"#
            ),
            forger("sends a frame of an enormous length", "forge_send(110, 0, 1, 0xFFFFFFFFu);"),
            forger(
                "sends half a frame",
                "char header[16] = {0x88, 0x13, 0, 0, 110}; forge_write(header, 16);",
                // The next messages are read as the rest of this frame.
                .result("timed_out", "")
            ),
            forger("sends an unknown kind", "forge_send(4711, 0, 0, 0);"),
            forger("sends unknown flags", "forge_send(107, 0xFFFF, 1, 0);"),
            forger(
                "sends parts endlessly",
                "for (int i = 0; i < 100000; i++) if (forge_send(107, 1, 1, 65536) < 0) break;",
                .oneOf(["plugin_failed", "timed_out"])
            ),
            forger("sends all messages repeatedly", "for (int i = 0; i < 3000; i++) forge_whole(101 + i % 13, 1);"),
            forger(
                "sends a flood of names to resolve",
                "for (int i = 0; i < 100000; i++) if (forge_whole(112, i) < 0) break;"
            ),
            forger("sends a violation in pieces", "forge_send(106, 1, 0, 65536);"),
            forger(
                "sends violations whose characters are slow to compare",
                #"""
                for (int i = 0; i < 3; i++) {
                    forged_size = 0;
                    forge_number(200001, 4);
                    forge_number('a' + i, 1);
                    for (int k = 0; k < 50000; k++) forge_add("\xCC\x81\xCC\x96", 4);
                    forge_send(106, 0, 0, (uint32_t)forged_size);
                }
                """#,
                .result("ok", "reached")
            ),
            HostilePlugin(
                name: "sends an endless registration in its constructor",
                declarations: FrameForgery.source,
                constructor: "memset(forged, '[', 262144); while (forge_send(103, 1, 0, 262144) == 0) { }",
                outcome: .unregistered("messages of more than")
            ),
            HostilePlugin(
                name: "registers a manifest beyond the limit in its constructor",
                declarations: FrameForgery.source,
                constructor: """
                    forge_number(100000, 4);
                    memset(forged + 4, ' ', 100000);
                    forged_size += 100000;
                    forge_number(0, 4);
                    forge_send(103, 0, 0, (uint32_t)forged_size);
                    for (;;) pause();
                    """,
                outcome: .unregistered("a manifest of 100000 bytes")
            ),
            HostilePlugin(
                name: "reports a failed sandbox in its constructor",
                declarations: FrameForgery.source,
                constructor: """
                    forge_text("notConfined");
                    forge_text("Use --sandbox off.");
                    forge_send(104, 0, 0, (uint32_t)forged_size);
                    for (;;) pause();
                    """,
                outcome: .unregistered("its process says: Use --sandbox off.")
            ),
            HostilePlugin(
                name: "reports a sandbox in its constructor",
                declarations: FrameForgery.source,
                constructor: "forge_whole(102, 0);",
                outcome: .unregistered("broke the protocol of workers")
            ),
            HostilePlugin(
                name: "reports a sandbox while it registers",
                declarations: FrameForgery.source,
                registration: "forge_whole(102, 0);",
                outcome: .unregistered("broke the protocol of workers")
            ),
            HostilePlugin(
                name: "registers in its constructor and again",
                declarations: FrameForgery.source,
                constructor: "forge_whole(103, 0);",
                outcome: isDetected
            ),
            HostilePlugin(
                name: "registers and completes calls in its constructor",
                declarations: FrameForgery.source,
                constructor: "forge_whole(103, 0); for (;;) { \(everyCall("forge_whole(109, id);")) usleep(1000); }",
                // The plugin can complete only calls of its tools.
                outcome: .result("tool_error", "")
            ),
        ]
}
