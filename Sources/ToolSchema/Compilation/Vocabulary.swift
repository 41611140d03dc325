import ToolJSON

/// The vocabularies of drafts 2019-09 and 2020-12, which a metaschema can omit.
struct Vocabulary: OptionSet, Sendable {
    let rawValue: Int

    static let applicator = Vocabulary(rawValue: 1 << 0)
    static let unevaluated = Vocabulary(rawValue: 1 << 1)
    static let validation = Vocabulary(rawValue: 1 << 2)
    static let formatAssertion = Vocabulary(rawValue: 1 << 3)
    static let standard: Vocabulary = [.applicator, .unevaluated, .validation]

    private static let prefix = "https://json-schema.org/draft/2020-12/vocab/"
    private static let prefix2019 = "https://json-schema.org/draft/2019-09/vocab/"

    /// Reads the value of `$vocabulary`.
    ///
    /// - Returns: The vocabularies, or an error for an unknown one that is required.
    static func read(_ vocabularies: JSONObject) -> Result<Vocabulary, VocabularyError> {
        var known: Vocabulary = []
        for (uri, isRequired) in vocabularies {
            switch uri {
            case prefix + "applicator": known.insert(.applicator)
            case prefix + "unevaluated": known.insert(.unevaluated)
            case prefix + "validation": known.insert(.validation)
            case prefix + "format-assertion": known.insert(.formatAssertion)
            case prefix2019 + "applicator": known.formUnion([.applicator, .unevaluated])
            case prefix2019 + "validation": known.insert(.validation)
            case prefix2019 + "format": if isRequired == true { known.insert(.formatAssertion) }
            case prefix + "core", prefix + "meta-data", prefix + "format-annotation", prefix + "content",
                prefix2019 + "core", prefix2019 + "meta-data", prefix2019 + "content":
                break
            default:
                if isRequired == true { return .failure(VocabularyError(uri: uri)) }
            }
        }
        return .success(known)
    }
}
