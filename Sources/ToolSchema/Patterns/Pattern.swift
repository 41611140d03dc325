import CPCRE2

/// A regular expression in the syntax of ECMA-262 with the `u` flag, executed by PCRE2.
///
/// Patterns and strings are untrusted, so every search is bounded. A search that exceeds the bound fails with an error
/// and never returns a result. PCRE2's just-in-time compiler is not used, because it needs writable and executable
/// memory and does not count steps as the interpreter does. One difference from ECMAScript remains: a group inside a
/// repetition keeps the capture of an earlier iteration.
final class Pattern: Sendable {
    /// The maximum length of a pattern, in bytes.
    static let maximumLength = 64 << 10

    /// The compiled code.
    ///
    /// Without the just-in-time compiler, PCRE2 never writes to compiled code, so all threads can read it concurrently.
    /// Only `deinit` frees it.
    private nonisolated(unsafe) let code: OpaquePointer

    init(_ source: String) throws(PatternError) {
        code = try Pattern.compile(try PatternTranslator.translate(source))
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// Returns true if the pattern matches anywhere in a string.
    ///
    /// - Parameters:
    ///   - text: The string.
    ///   - budget: The budget of the check.
    /// - Throws: ``CheckError/failed(_:)`` if the search exceeds the bound of a single search.
    func matches(_ text: String, spending budget: inout WorkBudget) throws(CheckError) -> Bool {
        try budget.spend(SearchBudget.stepsToBegin)
        var search = SearchBudget(textLength: text.utf8.count, steps: budget.stepsLeft)
        let result = Result { () throws(PatternError) in try matches(text, within: &search) }
        // This throws if the search has exhausted the budget.
        try budget.spend(search.stepsTaken)
        do throws(PatternError) {
            return try result.get()
        } catch {
            throw .failed(error.message)
        }
    }

    /// Returns true if the pattern matches, bounded only by the limits of a single search.
    func matches(_ text: String) throws(PatternError) -> Bool {
        var search = SearchBudget(textLength: text.utf8.count, steps: Int.max)
        return try matches(text, within: &search)
    }

    private func matches(_ text: String, within search: inout SearchBudget) throws(PatternError) -> Bool {
        guard let match = pcre2_match_data_create_8(1, nil) else { throw Pattern.outOfMemory }
        defer { pcre2_match_data_free_8(match) }
        guard let context = pcre2_match_context_create_8(nil) else { throw Pattern.outOfMemory }
        defer { pcre2_match_context_free_8(context) }
        pcre2_set_match_limit_8(context, 500_000)
        pcre2_set_depth_limit_8(context, 100_000)
        pcre2_set_heap_limit_8(context, 16 << 10)

        var text = text
        let result = text.withUTF8 { bytes in
            search.limiting(context) {
                pcre2_match_8(code, bytes.baseAddress, bytes.count, 0, PCRE2_NO_UTF_CHECK, match, context)
            }
        }
        switch result {
        case 0...: return true
        case PCRE2_ERROR_NOMATCH: return false
        case PCRE2_ERROR_NOMEMORY: throw Pattern.outOfMemory
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_CALLOUT:
            throw PatternError(reason: .limit, message: "the search of the pattern takes more steps than allowed")
        default:
            throw PatternError(reason: .limit, message: "the search failed: \(Pattern.description(of: result))")
        }
    }

    /// The memory size of the compiled pattern, in bytes.
    var size: Int {
        var size = 0
        return pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_SIZE), &size) == 0 ? size : 0
    }

    private static func compile(_ pattern: PatternTranslator.Translation) throws(PatternError) -> OpaquePointer {
        guard let context = pcre2_compile_context_create_8(nil) else { throw outOfMemory }
        defer { pcre2_compile_context_free_8(context) }
        // The longest translation of one byte, sets aside: `-` becomes `\x{2d}`.
        pcre2_set_max_pattern_length_8(context, 6 * maximumLength)
        pcre2_set_parens_nest_limit_8(context, UInt32(PatternTranslator.maximumNesting))
        pcre2_set_compile_extra_options_8(context, PCRE2_EXTRA_ALLOW_SURROGATE_ESCAPES)

        var options =
            PCRE2_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF
            | PCRE2_ALLOW_EMPTY_CLASS
        // Callouts let a `SearchBudget` check the time.
        options |= PCRE2_AUTO_CALLOUT
        // Each step of a search copies the captures, and only back references need them.
        if !pattern.hasReferences { options |= PCRE2_NO_AUTO_CAPTURE }

        var failure: Int32 = 0
        var offset = 0
        if let code = pcre2_compile_8(pattern.bytes, pattern.bytes.count, options, &failure, &offset, context) {
            return code
        }
        switch failure {
        case PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH, PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED,
            PCRE2_ERROR_LOOKBEHIND_TOO_LONG:
            throw PatternError(
                reason: .unsupported,
                message: "a look-behind whose alternatives do not each have one fixed length is not supported"
            )
        case PCRE2_ERROR_PATTERN_TOO_LARGE:
            throw PatternError(
                reason: .unsupported,
                message: "the pattern with expanded repetitions is too large"
            )
        case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY:
            throw PatternError(reason: .syntax, message: "the pattern names an unknown Unicode script")
        case PCRE2_ERROR_HEAP_FAILED:
            throw outOfMemory
        default:
            throw PatternError(reason: .unsupported, message: description(of: failure))
        }
    }

    private static var outOfMemory: PatternError {
        PatternError(reason: .limit, message: "there is not enough memory")
    }

    private static func description(of code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let length = pcre2_get_error_message_8(code, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
    }
}
