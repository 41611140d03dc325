// MARK: - What they say in their process's name

extension Animal {
    /// A frame as a worker sends it; the socket to the host is descriptor 3.
    private static let frames = """
        static void put(const void *bytes, size_t size) {
            for (size_t sent = 0; sent < size; ) {
                ssize_t count = write(3, (const char *)bytes + sent, size - sent);
                if (count <= 0) return;
                sent += (size_t)count;
            }
        }
        static void forge(uint32_t length, uint16_t kind, uint16_t flags, uint64_t about, size_t sent) {
            static const char payload[1 << 16];
            char header[16];
            memcpy(header, &length, 4); memcpy(header + 4, &kind, 2);
            memcpy(header + 6, &flags, 2); memcpy(header + 8, &about, 8);
            put(header, sizeof header);
            put(payload, sent < sizeof payload ? sent : sizeof payload);
        }
        """

    private static func forger(_ name: String, _ statement: String) -> Animal {
        Animal(
            name: name,
            before: frames,
            body: "\(statement) return tool_reply(call, tool_text(\"reached\"));",
            // The host may find the forgery before the reply or after it, or wait for the rest of it and the reply be
            // taken for that; it answers once in any case.
            outcome: .oneOf(["ok", "plugin_failed", "timed_out"])
        )
    }

    /// They forge messages of every kind and length.
    static let forging: [Animal] =
        [
            forger("writes rubbish to the protocol's descriptor", #"put("rubbish, and a lot of it\n", 25);"#),
            forger("sends a frame of an enormous length", "forge(0xFFFFFFFFu, 110, 0, call->id, 0);"),
            forger("sends half a frame", "forge(5000, 110, 0, call->id, 20);"),
            forger("sends an unknown kind", "forge(0, 4711, 0, 0, 0);"),
            forger("sends unknown flags", "forge(0, 107, 0xFFFF, call->id, 0);"),
            forger(
                "sends parts without end",
                "for (int i = 0; i < 100000; i++) forge(65536, 107, 1, call->id, 65536);"
            ),
            forger(
                "answers another's call",
                "for (uint64_t id = 0; id < 100; id++) forge(5, 109, 0, id + call->id + 1, 5);"
            ),
            forger("answers a call of the past", "for (uint64_t id = 0; id < call->id; id++) forge(5, 109, 0, id, 5);"),
            forger(
                "sends its messages in a circle",
                "for (int i = 0; i < 3000; i++) forge(0, (uint16_t)(101 + i % 12), 0, call->id, 0);"
            ),
        ]
        + (101...112).map { kind in
            forger(
                "forges kind \(kind) in every length",
                """
                for (uint32_t length = 0; length < 64; length++)
                    for (uint64_t about = 0; about < 3; about++)
                        forge(length, \(kind), 0, about == 1 ? call->id : about * 12345, length);
                """
            )
        }
        + (1...6).map { kind in forger("forges what hosts say, kind \(kind)", "forge(16, \(kind), 0, call->id, 16);") }
}
