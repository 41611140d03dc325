import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("Numbers outside their ranges")
struct NumberRangeTests {
    private static let ranges: [(key: String, range: ClosedRange<Int>)] = [
        ("calls", 1...100_000), ("concurrency", 1...10_000), ("concurrency_per_plugin", 1...10_000),
        ("result_bytes", 1...1 << 30), ("result_bytes_per_message", 1...1 << 30), ("processes", 2...4096),
        ("argument_bytes", 1...256 << 20), ("schema_bytes", 1...64 << 20), ("manifest_bytes", 1...64 << 20),
    ]

    @Test(
        "a number outside its range is rejected in a configuration, and the message names the range",
        arguments: ranges
    )
    func count(key: String, range: ClosedRange<Int>) throws {
        var limits = ToolLimits()
        let neighbours: [JSON] = [.int(range.lowerBound - 1), .int(range.upperBound + 1)]
        for value in try neighbours + ExtremeNumber.all.map({ try $0.json }) {
            let error = #expect(throws: ToolHostError.self) { try limits.apply([key: value]) }
            #expect(
                error?.message
                    == "The limit \"\(key)\" must be a whole number from \(range.lowerBound) to \(range.upperBound).",
                "\(value)"
            )
        }
        #expect(limits == ToolLimits())
        for bound in [range.lowerBound, range.upperBound] {
            try limits.apply([key: .int(bound)])
            #expect(limits != ToolLimits() && limits.clamped == limits)
        }
    }

    @Test("these tests cover every limit")
    func completeness() {
        #expect(Set(ToolLimits.keys) == Set(Self.ranges.map(\.key) + Self.times))
    }

    private static let times = ["timeout", "grace", "registration", "scan"]

    @Test("a time outside its range is rejected in a configuration", arguments: times)
    func time(key: String) throws {
        var limits = ToolLimits()
        for number in ExtremeNumber.all where number.text != "0.5" {
            let value = try number.json
            let error = #expect(throws: ToolHostError.self) { try limits.apply([key: value]) }
            #expect(
                error?.message == "The limit \"\(key)\" must be a number of seconds from 0.001 to 1000000.",
                "\(number)"
            )
        }
        #expect(limits == ToolLimits())
        for value: JSON in [0.001, 0.5, 1_000_000] {
            try limits.apply([key: value])
            #expect(limits.clamped == limits)
        }
    }

    @Test("a limit that a program sets is clamped to its range, and sums of limits do not overflow")
    func programLimits() throws {
        for count in [Int.min, -1, 0, .max] {
            for time in [.seconds(Int64.min), .milliseconds(-500), .zero, .seconds(Int64.max)] as [Duration] {
                var configuration = HostConfiguration()
                configuration.isolation = .inProcess
                configuration.limits.calls = count
                configuration.limits.concurrency = count
                configuration.limits.concurrencyPerPlugin = count
                configuration.limits.resultBytes = count
                configuration.limits.resultBytesPerMessage = count
                configuration.limits.processes = count
                configuration.limits.argumentBytes = count
                configuration.limits.schemaBytes = count
                configuration.limits.manifestBytes = count
                configuration.limits.timeout = time
                configuration.limits.grace = time
                configuration.limits.registration = time
                configuration.limits.scan = time
                let limits = configuration.limits
                #expect(limits.calls == (count > 0 ? 100_000 : 1))
                #expect(limits.timeout == (time > .zero ? .seconds(1_000_000) : .milliseconds(1)))
                let registration = RegistrationLimits(
                    manifestBytes: limits.manifestBytes,
                    schemaBytes: limits.schemaBytes
                )
                #expect(registration.messageBytes > 0)
                #expect(limits.grace + .seconds(5) < .seconds(2_000_000))
                #expect(!limits.scan.words.isEmpty)
                let order = CallOrder(
                    tool: 0,
                    timeout: limits.timeout,
                    grace: limits.grace,
                    resultBytes: limits.resultBytes,
                    arguments: []
                )
                var decoder = FrameDecoder()
                var encoded: [UInt8] = []
                HostMessage.call(1, order).encode(into: &encoded)
                decoder.append(encoded)
                let frame = try #require(try decoder.next())
                #expect(try HostMessage(frame) == .call(1, order))
            }
        }
    }

    @Test(
        "an entry of the plugin cache with a timeout outside its range is not read",
        arguments: [
            (Duration.zero, true), (.milliseconds(1), true), (.seconds(86_400), true),
            (.seconds(86_400) + .nanoseconds(1), false), (.seconds(Int64.max), false), (.seconds(Int64.min), false),
            (.nanoseconds(-1), false),
        ]
    )
    func cachedTimeout(timeout: Duration, isReadable: Bool) {
        let summary = ToolSummary(
            name: "echo",
            description: "",
            annotations: DeclaredEffects(readOnly: false, destructive: false, idempotent: false),
            timeout: timeout
        )
        let tool = PluginRegistration.Tool(schema: [], fault: nil, isConcurrent: true)
        let registered = PluginCache.Registered(
            registration: PluginRegistration(manifest: [], tools: [tool]),
            soundTools: [summary]
        )
        let time = FileIdentity.Time(seconds: .min, nanoseconds: .max)
        let identity = FileIdentity(
            number: FileIdentity.Number(device: .max, inode: .max),
            size: .max,
            modified: time,
            changed: time,
            owner: .max,
            mode: .max
        )
        let entry = PluginCache.Entry(identities: [identity], outcome: .registered(registered))
        #expect((PluginCache.Entry(entry.bytes[...]) != nil) == isReadable)
        #expect(!identity.isSettled(at: .now))
    }

    @Test("a stored record with an invalid number is rejected or ignored", arguments: ExtremeNumber.all)
    func storedNumbers(number: ExtremeNumber) throws {
        let directory = try FixtureDirectory()
        let (hash, isDate) = (String(repeating: "0", count: 64), number.integer(in: 0...1 << 40) != nil)
        func record(_ permissions: String, date: String = "0") -> String {
            #"{"version":1,"plugins":{"\#(hash)":{"file":"/p.so","name":"p","schemas":"","date":\#(date),"#
                + #""permissions":\#(permissions)}}}"#
        }
        for (text, isUsable) in [
            (record("{}", date: number.text), isDate), (record(#"{"memory":\#(number)}"#), number.integer == 1 << 31),
            (record(#"{"network":[\#(number)]}"#), false), (#"{"version":\#(number),"plugins":{}}"#, false),
        ] {
            let file = TrustFile(path: try directory.file("plugins.lock.json", text.utf8, mode: 0o600))
            let records = try? file.records()
            #expect((records != nil) == isUsable, "\(text)")
            #expect(records?.flatMap(\.permissions.phrases).allSatisfy { !$0.isEmpty } ?? true)
        }
        let policy = try directory.file("policy.json", #"{"version":\#(number),"rules":[]}"#.utf8, mode: 0o600)
        #expect(throws: ToolHostError.self) { try PolicyFile(path: policy) }
        let deaths = Array(repeating: number.text, count: 5).joined(separator: ",")
        let quarantine = #"{"version":1,"plugins":{"\#(hash)":{"file":"/p.so","reason":"","deaths":[\#(deaths)]}}}"#
        try directory.file("quarantine.json", quarantine.utf8, mode: 0o600)
        #expect(Quarantine(directory: directory.path).held.isEmpty == !isDate)
    }
}
