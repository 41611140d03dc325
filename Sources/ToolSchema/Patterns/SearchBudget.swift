import CPCRE2
import Glibc

/// The processor time that one search may take, checked from within PCRE2 by its callouts.
///
/// PCRE2 counts its match limit anew at each starting position, and does not count the characters that one repetition
/// runs over, so that on a long text its limits alone let `\s+$` run for minutes. The time of this thread counts: the
/// answer must not depend on how busy the machine is. It is charged to the ``WorkBudget`` of the check in steps.
struct SearchBudget {
    /// The steps that any search takes before it begins.
    static let stepsToBegin = 6

    /// The longest time of one search.
    private static let mostNanoseconds: Int64 = 25_000_000
    private static let nanosecondsPerStep: Int64 = 25

    /// The units that are spent between two looks at the clock, which costs as much as some dozens of steps.
    private static let creditPerLook = 1024

    /// Texts whose search may take long before PCRE2 makes its first callout.
    private static let longText = 4096

    private let costOfStep: Int
    private let nanoseconds: Int64
    private var credit = creditPerLook
    private var start: Int64?
    private var elapsed: Int64 = 0
    private var callouts = 0

    /// A budget for the search of one text, which ends when those steps are used up.
    init(textLength: Int, steps: Int) {
        // Between two callouts PCRE2 can run over the whole text once.
        costOfStep = 1 + textLength / 256
        nanoseconds = min(Self.mostNanoseconds, Int64(clamping: steps).multipliedClamping(by: Self.nanosecondsPerStep))
        start = textLength < Self.longText ? nil : Self.now
    }

    /// The steps that the search has taken; more than there were if it was ended for that.
    var stepsTaken: Int { 1 + callouts / 2 + Int(clamping: elapsed / Self.nanosecondsPerStep) }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// True if the search may go on; most searches end before they have to ask the clock.
    private mutating func allowsStep() -> Bool {
        if start == nil { callouts += 1 }
        credit -= costOfStep
        if credit > 0 { return true }
        credit = Self.creditPerLook
        return look()
    }

    private mutating func look() -> Bool {
        let now = Self.now
        guard let start else {
            start = now
            return true
        }
        elapsed = now - start
        return elapsed < nanoseconds
    }

    /// Runs a search whose match context asks this budget at every item of the pattern.
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
        if start != nil { _ = look() }
        return result
    }
}

extension Int64 {
    fileprivate func multipliedClamping(by other: Int64) -> Int64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? .max : product
    }
}
