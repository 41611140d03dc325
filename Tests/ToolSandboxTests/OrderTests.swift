import Testing
import ToolJSON
import ToolSandbox

@Suite("SandboxOrder") struct OrderTests {
    @Test("an order can be written and read back")
    func isReadAsItIsWritten() throws {
        let grants = SandboxGrants(
            read: ["/a", "/b c"],
            write: ["/ü"],
            connect: [443, 65535],
            spawn: ["/bin/x"],
            memoryBytes: 1 << 30
        )
        let all = SandboxOrder(mode: .required, grants: grants, libraries: ["/l.so"], processes: 4096)
        let interpreter = SandboxInterpreter(program: "/bin/python3", readable: ["/opt/lib", "/opt/x y"])
        for order in [all, SandboxOrder(mode: .off), SandboxOrder(mode: .required, interpreter: interpreter)] {
            #expect(try SandboxOrder(parsing: order.json.bytes()) == order)
        }
    }

    @Test(
        "an invalid order is rejected with the reason",
        arguments: [
            ("", "is not JSON"), ("[]", "has no valid \"mode\""),
            (#"{"mode": "some", "grants": {}}"#, "has no valid \"mode\""),
            (#"{"mode": "off"}"#, "no \"grants\""), (#"{"mode": "off", "grants": []}"#, "not a JSON object"),
            (#"{"mode": "off", "grants": {"read": "/a"}}"#, "\"read\" is not an array"),
            (#"{"mode": "off", "grants": {"read": ["a"]}}"#, "paths in \"read\" must be absolute"),
            (#"{"mode": "off", "grants": {"write": [1]}}"#, "paths in \"write\" must be absolute"),
            (#"{"mode": "off", "grants": {"spawn": ["/a\u0000b"]}}"#, "paths in \"spawn\" must be absolute"),
            (#"{"mode": "off", "grants": {"connect": [0]}}"#, "from 1 to 65535, not 0"),
            (#"{"mode": "off", "grants": {"connect": [65536]}}"#, "not 65536"),
            (#"{"mode": "off", "grants": {"connect": [1.5]}}"#, "not 1.5"),
            (#"{"mode": "off", "grants": {"connect": ["80"]}}"#, "not \"80\""),
            (#"{"mode": "off", "grants": {"memory_bytes": 1}}"#, "number of bytes from 67108864"),
            (#"{"mode": "off", "grants": {"memory_bytes": -1}}"#, "not -1"),
            (#"{"mode": "off", "grants": {"memory_bytes": 1e30}}"#, "not 1e30"),
            (
                #"{"mode": "off", "grants": {}, "libraries": ["x"], "processes": 2}"#,
                "paths in \"libraries\" must be absolute"
            ),
            (
                #"{"mode": "off", "grants": {}, "processes": 2, "interpreter": {"readable": []}}"#,
                "\"interpreter\" has no \"program\""
            ),
            (
                #"{"mode": "off", "grants": {}, "processes": 2, "interpreter": {"program": "a", "readable": []}}"#,
                "paths in \"interpreter\" must be absolute"
            ),
            (
                #"{"mode": "off", "grants": {}, "processes": 2, "interpreter": {"program": "/a", "readable": [1]}}"#,
                "paths in \"interpreter\" must be absolute"
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

    @Test("an order with too many or too long paths is rejected")
    func isBounded() {
        let paths = Array(repeating: "/a", count: SandboxGrants.maximumCount + 1)
        let long = "/" + String(repeating: "a", count: 4096)
        for grants in [SandboxGrants(read: paths), SandboxGrants(write: [long])] {
            #expect(throws: SandboxError.self) {
                try SandboxOrder(parsing: SandboxOrder(mode: .off, grants: grants).json.bytes())
            }
        }
    }

    @Test("a report can be written and read back")
    func aReportIsReadAsItIsWritten() {
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
