import CPCRE2
import Glibc

/// The processor time that one search may take, checked from within PCRE2 by its callouts.
///
/// PCRE2 counts its match limit anew at each starting position, and does not count the characters that one repetition
/// runs over, so that on a long text its limits alone let `\s+$` run for minutes. It is the time of this thread that
/// counts: the answer must not depend on how busy the machine is.
struct SearchBudget {
    private static let nanoseconds: Int64 = 50_000_000

    /// How many units are spent between two looks at the clock, which costs as much as some dozens of steps.
    private static let creditPerLook = 1024

    /// How often the clock was looked at: a measure of what the search has cost, and none for most.
    private(set) var looks = 0

    private let costOfStep: Int
    private var credit = creditPerLook
    private var deadline: Int64?

    init(textLength: Int) {
        // Between two callouts PCRE2 can run over the whole text once.
        costOfStep = 1 + textLength / 256
    }

    /// Whether the search may go on; most searches end before they have to ask the clock.
    private mutating func allowsStep() -> Bool {
        credit -= costOfStep
        if credit > 0 { return true }
        credit = Self.creditPerLook
        looks += 1
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        guard let deadline else {
            deadline = now + Self.nanoseconds
            return true
        }
        return now < deadline
    }

    /// Runs a search whose match context asks this budget at every item of the pattern.
    mutating func limiting(_ context: OpaquePointer, _ search: () -> Int32) -> Int32 {
        withUnsafeMutablePointer(to: &self) { budget in
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
    }
}
