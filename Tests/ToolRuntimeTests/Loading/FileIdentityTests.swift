import Testing
import ToolRuntime

@Suite("Identities of files")
struct FileIdentityTests {
    private static func identity(changed: FileIdentity.Time) -> FileIdentity {
        FileIdentity(
            number: FileIdentity.Number(device: 1, inode: 2),
            size: 3,
            modified: FileIdentity.Time(seconds: 0, nanoseconds: 0),
            changed: changed,
            owner: 0,
            mode: 0o100644
        )
    }

    @Test(
        "an identity proves the content two seconds after the last change, but not if the change is in the future",
        arguments: [
            (changed: (100, 0), now: (102, 0), isSettled: true), ((100, 0), (103, 0), true), ((100, 5), (102, 5), true),
            ((100, 5), (102, 4), false), ((100, 0), (101, 999_999_999), false), ((100, 0), (100, 0), false),
            // The clock was set back.
            ((100, 0), (99, 0), false), ((100, 0), (0, 0), false), ((100, 0), (-100, 0), false),
            // Times that no clock shows.
            ((Int64.min, 0), (102, 0), false), ((Int64.max, 0), (-102, 0), false), ((-100, 0), (102, 0), true),
        ] as [(changed: (Int64, Int64), now: (Int64, Int64), isSettled: Bool)]
    )
    func settles(changed: (Int64, Int64), now: (Int64, Int64), isSettled: Bool) {
        let identity = Self.identity(changed: FileIdentity.Time(seconds: changed.0, nanoseconds: changed.1))
        #expect(identity.isSettled(at: FileIdentity.Time(seconds: now.0, nanoseconds: now.1)) == isSettled)
    }
}
