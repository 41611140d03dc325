import Foundation
import TestSupport
import Testing
import ToolJSON

/// The zone names and zone files of the sample plugin Clock.
@Suite("The time zones of the sample plugin Clock", .timeLimit(.minutes(10)))
struct ClockZoneTests {
    private let clock: ClockFixture

    init() throws { clock = try ClockFixture() }

    // MARK: - Names

    @Test(
        "a zone is found in upper or lower case",
        arguments: [
            ("EUROPE/PARIS", "Europe/Paris"), ("america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"),
            ("utc", "UTC"), ("Utc", "UTC"), ("gmt", "GMT"), ("etc/gmt+5", "Etc/GMT+5"),
        ]
    )
    func spelling(name: String, exact: String) throws {
        let result = try clock.call("get_time", ["zone": .string(name)]).run()
        #expect(try result.json["zone"] == .string(exact), "\(result.errors)")
    }

    @Test(
        "an unknown zone is refused, with suggestions if the name contains a city",
        arguments: [
            ("Mars/Olympus", ""), ("Paris", "Europe/Paris"), ("Asia/Toky", "Asia/Tokyo"), ("York", "America/New_York"),
            ("new york", "America/New_York, America/North_Dakota/New_Salem"), ("Europe", ""), ("", ""), ("x", ""),
            ("/Europe/Paris", "Europe/Paris"), ("posix/Europe/Paris", "Europe/Paris"),
            ("right/Europe/Paris", "Europe/Paris"), ("Europe/../Europe/Paris", "Europe/Paris"), ("zone.tab", ""),
            ("tzdata.zi", ""), ("../../../etc/passwd", ""), ("/etc/localtime", ""), ("CET-1CEST,M3.5.0,M10.5.0/3", ""),
        ]
    )
    func unknownZone(name: String, suggestion: String) throws {
        let result = try clock.call("get_time", ["zone": .string(name)]).run()
        let hint = suggestion.isEmpty ? "" : "; did you mean \(suggestion)?"
        #expect(result.status == 2)
        #expect(result.errors.contains("zone: \(ClockFixture.zoneFault)\(name)\(hint)\n"), "\(result.errors)")
    }

    @Test("a very long name is refused, and the error shows its beginning")
    func longName() throws {
        let name = String(repeating: "Paris", count: 10_000)
        let result = try clock.call("get_time", ["zone": .string(name)]).run()
        #expect(result.status == 2)
        #expect(result.errors.contains("\(ClockFixture.zoneFault)\(name.prefix(60))\n"), "\(result.errors)")
    }

    // MARK: - The process

    @Test(
        "the zone of a call wins over the configured one, and TZ has no influence",
        arguments: [[], ["--in-process"]]
    )
    func now(options: [String]) throws {
        let file = try clock.directory.file("config.json", #"{"plugins":{"clock":{"zone":"asia/kathmandu"}}}"#.utf8)
        let cases: [(JSONObject, [String], String, TimeInterval)] = [
            ([:], [], "UTC", 0), ([:], ["--config", file], "Asia/Kathmandu", 20_700),
            (["zone": "Asia/Tokyo"], ["--config", file], "Asia/Tokyo", 32_400),
        ]
        for (arguments, more, zone, offset) in cases {
            var command = clock.call("get_time", arguments)
            command.arguments += options + more
            command.environment["TZ"] = "America/New_York"
            let before = Date().addingTimeInterval(-1)
            let result = try command.run()
            let after = Date()
            let text = try #require(try result.json["time"]?.string, "\(result.errors)")
            let time = try Date(text.replacing(" ", with: "T") + "Z", strategy: .iso8601)
            #expect((before...after).contains(time.addingTimeInterval(-offset)), "\(text)")
            #expect(try result.json["zone"] == .string(zone))
        }
    }

    @Test("parallel calls with different zones do not disturb one another", arguments: [[], ["--in-process"]])
    func parallel(options: [String]) throws {
        let zones = [
            ("Asia/Tokyo", "+09:00"), ("Europe/Paris", "+01:00"), ("UTC", "+00:00"), ("Asia/Kolkata", "+05:30"),
        ]
        let calls = (0..<60).map { number -> JSON in
            let arguments: JSON = ["time": "2026-01-15", "from": "UTC", "to": .string(zones[number % zones.count].0)]
            return ["function": ["name": "convert_time", "arguments": arguments]]
        }
        let message: JSON = ["message": ["role": "assistant", "tool_calls": .array(calls)]]
        var command = Command("dispatch", plugins: clock.directory, input: message.text())
        command.arguments += options
        let result = try command.run()
        let answers = try #require(try result.json.array, "\(result.errors)")
        #expect(answers.count == calls.count)
        for (number, answer) in answers.enumerated() {
            let content = try JSON(parsing: answer["content"]?.string ?? "")
            #expect(content["utc_offset"] == .string(zones[number % zones.count].1))
        }
    }

    // MARK: - Files

    // Not every container allows its root user to mount a file system.
    private static let canMount: Bool = {
        let probe = ["/bin/sh", "-c", "unshare --mount mount -t tmpfs none /usr/share/zoneinfo 2>/dev/null"]
        return geteuid() == 0 && (try? ChildProcess(probe, output: STDERR_FILENO).wait()) == 0
    }()

    /// Calls `get_time` with a separate zone directory.
    ///
    /// - Parameters:
    ///   - script: Shell commands that fill the empty directory `$zones`. The real one is `$copy`.
    ///   - zone: The zone to ask for.
    private func callWithZones(_ script: String, _ zone: String) throws -> Command.Result {
        var command = clock.call("get_time", ["zone": .string(zone)])
        command.environment["ZONES_SCRIPT"] = script
        command.shell = """
            exec unshare --mount sh -c '
                zones=/usr/share/zoneinfo copy=$HOME/copy
                mkdir "$copy" && mount --bind "$zones" "$copy" && mount -t tmpfs none "$zones" || exit 99
                eval "$ZONES_SCRIPT" || exit 99
                exec "$@"
            ' sh "$@"
            """
        return try command.run()
    }

    @Test(
        "without zone files UTC works, and other zones fail with the name of the package",
        .enabled(if: canMount, "needs root and the right to mount a file system")
    )
    func noZones() throws {
        let utc = try callWithZones("", "utc")
        #expect(utc.status == 0, "\(utc.errors)")
        #expect(try utc.json["zone"] == "UTC")
        for zone in ["Europe/Paris", "Mars/Olympus"] {
            let other = try callWithZones("", zone)
            #expect(other.status == 1 && other.errors.contains("Install the package tzdata."), "\(other)")
        }
    }

    @Test(
        "a zone file that is damaged, too long or not a regular file is refused",
        .enabled(if: canMount, "needs root and the right to mount a file system"),
        arguments: [
            #": >"$zones/Test""#, #"echo hello >"$zones/Test""#, #"head -c 43 "$copy/Europe/Paris" >"$zones/Test""#,
            #"head -c 300 "$copy/Europe/Paris" >"$zones/Test""#,
            #"{ printf TZif2; head -c 1000 /dev/zero | tr "\000" "\377"; } >"$zones/Test""#,
            #"{ cat "$copy/Europe/Paris"; head -c 100000 /dev/zero; } >"$zones/Test""#,
            #"sed "s/^CET-1/CET-99/" "$copy/Europe/Paris" >"$zones/Test""#, #"mkfifo "$zones/Test""#,
            #"ln -s /dev/zero "$zones/Test""#, #"ln -s Test "$zones/Test""#, #"ln -s . "$zones/Test""#,
        ]
    )
    func damagedFiles(script: String) throws {
        let result = try callWithZones(script, "test")
        #expect(result.status == 1, "\(result)")
        #expect(result.errors.contains("/usr/share/zoneinfo/Test cannot be read as a zone file."), "\(result.errors)")
    }

    @Test(
        "a file more than three levels deep or below a symbolic link is no zone",
        .enabled(if: canMount, "needs root and the right to mount a file system")
    )
    func nestedDirectories() throws {
        let script = #"""
            mkdir -p "$zones/A/A/A" && cp "$copy/Europe/Paris" "$zones/A/A/Test" && cp "$zones/A/A/Test" "$zones/A/A/A" &&
                ln -s .. "$zones/A/Loop"
            """#
        #expect(try callWithZones(script, "a/a/test").json["zone"] == "A/A/Test")
        for name in ["A/A/A/Test", "A/Loop/A/A/Test"] {
            let result = try callWithZones(script, name)
            #expect(result.status == 2 && result.errors.contains(ClockFixture.zoneFault + name), "\(result)")
        }
    }
}
