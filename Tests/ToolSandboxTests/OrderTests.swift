import Testing
import ToolJSON
import ToolSandbox

@Suite("A sandbox order") struct OrderTests {
    @Test func isReadAsItIsWritten() throws {
        let grants = SandboxGrants(
            read: ["/a", "/b c"],
            write: ["/ü"],
            connect: [443, 65535],
            spawn: ["/bin/x"],
            memoryBytes: 1 << 30
        )
        let all = SandboxOrder(mode: .required, grants: grants, libraries: ["/l.so"], processes: 4096)
        for order in [all, SandboxOrder(mode: .off)] {
            #expect(try SandboxOrder(parsing: order.json.bytes()) == order)
        }
    }

    @Test(
        "is refused with the reason",
        arguments: [
            ("", "is not JSON"), ("[]", "has no \"mode\""), (#"{"mode": "some", "grants": {}}"#, "has no \"mode\""),
            (#"{"mode": "off"}"#, "no \"grants\""), (#"{"mode": "off", "grants": []}"#, "not a JSON object"),
            (#"{"mode": "off", "grants": {"read": "/a"}}"#, "\"read\" is not an array"),
            (#"{"mode": "off", "grants": {"read": ["a"]}}"#, "\"read\" takes absolute paths"),
            (#"{"mode": "off", "grants": {"write": [1]}}"#, "\"write\" takes absolute paths"),
            (#"{"mode": "off", "grants": {"spawn": ["/a\u0000b"]}}"#, "\"spawn\" takes absolute paths"),
            (#"{"mode": "off", "grants": {"connect": [0]}}"#, "from 1 to 65535, not 0"),
            (#"{"mode": "off", "grants": {"connect": [65536]}}"#, "not 65536"),
            (#"{"mode": "off", "grants": {"connect": [1.5]}}"#, "not 1.5"),
            (#"{"mode": "off", "grants": {"connect": ["80"]}}"#, "not \"80\""),
            (#"{"mode": "off", "grants": {"memoryBytes": 1}}"#, "number of bytes from 67108864"),
            (#"{"mode": "off", "grants": {"memoryBytes": -1}}"#, "not -1"),
            (#"{"mode": "off", "grants": {"memoryBytes": 1e30}}"#, "not 1e30"),
            (
                #"{"mode": "off", "grants": {}, "libraries": ["x"], "processes": 2}"#,
                "\"libraries\" takes absolute paths"
            ),
            (#"{"mode": "off", "grants": {}}"#, "no \"processes\""),
            (#"{"mode": "off", "grants": {}, "processes": 1}"#, "no \"processes\" from 2"),
            (#"{"mode": "off", "grants": {}, "processes": 1e9}"#, "no \"processes\" from 2"),
        ]
    )
    func isRefused(text: String, reason: String) {
        #expect {
            try SandboxOrder(parsing: text.utf8)
        } throws: { error in
            "\(error)".contains(reason)
        }
    }

    @Test func isBounded() {
        let paths = Array(repeating: "/a", count: SandboxGrants.maximumCount + 1)
        let long = "/" + String(repeating: "a", count: 4096)
        for grants in [SandboxGrants(read: paths), SandboxGrants(write: [long])] {
            #expect(throws: SandboxError.self) {
                try SandboxOrder(parsing: SandboxOrder(mode: .off, grants: grants).json.bytes())
            }
        }
    }

    @Test func aReportIsReadAsItIsWritten() {
        var report = SandboxReport()
        report.landlockABI = 7
        report.files = true
        report.limits = true
        report.missing = ["One thing."]
        report.skipped = ["/x is not granted."]
        #expect(SandboxReport(report.json) == report)
        #expect(SandboxReport(SandboxReport().json) == SandboxReport())
    }
}
