/// The reason why a check stopped without a result.
///
/// A value that cannot be checked is never accepted, not even by `not`.
enum CheckError: Error {
    /// The budget is exhausted, or the check was cancelled.
    case exhausted
    /// The report contains the maximum number of violations.
    case reportIsFull
    /// A part of the value cannot be checked. The payload is the reason, a phrase without a full stop.
    case failed(String)
}
