package import Glibc

/// The state of a file on disk: which file it is, who owns it, and when its content and its attributes last changed.
///
/// If the file system records change times, files with equal identities have equal content once ``isSettled(at:)`` is
/// true: no program can set the change time.
package struct FileIdentity: Sendable, Hashable {
    /// The device and the inode, which identify a file under all of its names.
    package struct Number: Sendable, Hashable {
        package let device, inode: UInt64

        package init(device: UInt64, inode: UInt64) { (self.device, self.inode) = (device, inode) }
    }

    /// A time of the system's clock, which can be set back.
    package struct Time: Sendable, Hashable {
        package let seconds, nanoseconds: Int64

        package init(seconds: Int64, nanoseconds: Int64) {
            (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
        }

        init(_ time: timespec) { self.init(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec)) }

        /// The current time, by the clock that file systems use.
        package static var now: Time {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Time(time)
        }
    }

    package let number: Number
    package let size: UInt64
    package let modified, changed: Time
    package let owner, mode: UInt32

    /// The minimum time between the last change of a file and a read of its status, in seconds.
    ///
    /// The clock of file systems advances in steps of some milliseconds (`CONFIG_HZ`), so a second change soon after
    /// the first may not alter the change time. Two seconds also cover file systems that record whole seconds.
    private static let settlingTime: Int64 = 2

    package init(_ status: stat) {
        self.init(
            number: Number(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
            size: UInt64(bitPattern: Int64(status.st_size)),
            modified: Time(status.st_mtim),
            changed: Time(status.st_ctim),
            owner: status.st_uid,
            mode: status.st_mode
        )
    }

    package init(number: Number, size: UInt64, modified: Time, changed: Time, owner: UInt32, mode: UInt32) {
        self.number = number
        self.size = size
        self.modified = modified
        self.changed = changed
        self.owner = owner
        self.mode = mode
    }

    /// Numbers that change with the content of the file, in the form for workers.
    var stamp: [UInt64] {
        [number.device, number.inode, size]
            + [modified, changed].flatMap { [$0.seconds, $0.nanoseconds] }.map(UInt64.init(bitPattern:))
    }

    /// True if any change of the file after a time alters its identity, because the last change is long enough ago.
    ///
    /// False if the change time is in the future: the clock was set back, and can reach that time again.
    package func isSettled(at time: Time) -> Bool {
        let (age, overflows) = time.seconds.subtractingReportingOverflow(changed.seconds)
        guard !overflows else { return false }
        return age > Self.settlingTime || age == Self.settlingTime && time.nanoseconds >= changed.nanoseconds
    }
}
