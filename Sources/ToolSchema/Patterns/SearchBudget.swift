import CPCRE2
import Glibc

/// The budget of processor time for one search, checked by PCRE2's callouts.
///
/// PCRE2 applies its match limit to each starting position separately and does not count the characters of a
/// repetition, so on a long string its limits alone let `\s+$` run for minutes. The clock measures this thread, because
/// the result must not depend on the load of the machine. The time is converted to steps of the check's ``WorkBudget``.
struct SearchBudget {
    /// The cost of starting a search, in steps.
    static let stepsToBegin = 6

    /// The maximum time of one search.
    private static let maximumNanoseconds: Int64 = 25_000_000
    private static let nanosecondsPerStep: Int64 = 25

    /// The units between two readings of the clock.
    ///
    /// A reading costs as much as dozens of steps.
    private static let creditPerReading = 1024

    /// The minimum length of strings whose search can take long before the first callout, in bytes.
    private static let longText = 4096

    private let costOfStep: Int
    private let nanoseconds: Int64
    private var credit = creditPerReading
    private var start: Int64?
    private var elapsed: Int64 = 0
    private var callouts = 0

    /// Creates a budget for the search of one string, bounded by a number of steps.
    init(textLength: Int, steps: Int) {
        // Between two callouts, PCRE2 can scan the whole string once.
        costOfStep = 1 + textLength / 256
        nanoseconds = min(
            Self.maximumNanoseconds,
            Int64(clamping: steps).multipliedClamping(by: Self.nanosecondsPerStep)
        )
        start = textLength < Self.longText ? nil : Self.now
    }

    /// The number of steps spent.
    ///
    /// It exceeds the available steps if the search was stopped for that reason.
    var stepsTaken: Int { 1 + callouts / 2 + Int(clamping: elapsed / Self.nanosecondsPerStep) }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Returns true if the search may continue.
    ///
    /// Most searches end before they read the clock.
    private mutating func allowsStep() -> Bool {
        if start == nil { callouts += 1 }
        credit -= costOfStep
        if credit > 0 { return true }
        credit = Self.creditPerReading
        return readClock()
    }

    private mutating func readClock() -> Bool {
        let now = Self.now
        guard let start else {
            start = now
            return true
        }
        elapsed = now - start
        return elapsed < nanoseconds
    }

    /// Runs a search whose callouts check this budget at every item of the pattern.
    mutating func limiting(_ context: OpaquePointer, _ search: () -> Int32) -> Int32 {
        let result = withUnsafeMutablePointer(to: &self) { budget in
            pcre2_set_callout_8(
                context,
                { _, budget in
                    guard let budget else { return PCRE2_ERROR_CALLOUT }
                    let allows = budget.assumingMemoryBound(to: SearchBudget.self).pointee.allowsStep()
                    return allows ? 0 : PCRE2_ERROR_CALLOUT
                },
                budget
            )
            return search()
        }
        if start != nil { _ = readClock() }
        return result
    }
}

extension Int64 {
    fileprivate func multipliedClamping(by other: Int64) -> Int64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? .max : product
    }
}
