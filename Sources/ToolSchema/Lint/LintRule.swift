/// A rule of the lint.
///
/// The raw value is the rule's id. All of them are advice: a tool with findings works, but models will use it less
/// well than they could, small ones above all.
public enum LintRule: String, Sendable, Hashable, CaseIterable {
    // MARK: Descriptions

    /// A description is all that a model knows of a tool or a parameter besides its name; trials that repaired
    /// nothing but definitions report far more tasks solved.
    case missingDescription = "missing-description"

    /// "Get data" tells a model neither which data nor when to ask for them.
    case shortDescription = "short-description"

    /// Every request carries every description, and some model services refuse those past 1,024 characters.
    case longDescription = "long-description"

    /// "The city" for `city` costs tokens and says nothing.
    case repeatedName = "repeated-name"

    /// A model chooses between tools by what their descriptions say.
    case duplicateDescription = "duplicate-description"

    /// Models fill parameters in that they were free to leave out, with invented values, when nothing says what
    /// leaving them out means.
    case unsaidDefault = "unsaid-default"

    // MARK: Names

    /// Renderers replace dots, dashes and spaces, drop other characters, or put a parameter's name into a type
    /// declaration or a tag as it is.
    case unportableName = "unportable-name"

    /// Some models bring a `python` or a `browser` of their own and send such a tool code instead of arguments; and
    /// where a call is found by searching text for names, the words of the call itself are found first.
    case reservedName = "reserved-name"

    /// Some servers find a call by searching the model's text for the names of tools, and then find the shorter of
    /// two names in the longer one; small models mix the two up as well.
    case overlappingNames = "overlapping-names"

    /// Renderers that replace characters can make two names one, and models write one for the other.
    case similarNames = "similar-names"

    // MARK: Parameters

    /// The more there is to fill in, the more a small model leaves out or makes up.
    case manyParameters = "many-parameters"

    /// Some renderers show a nested object as "any object", so that a model never sees its parameters.
    case deepParameters = "deep-parameters"

    /// Each value costs tokens in every request, and nothing keeps a model to a list that is too long to heed.
    case longEnum = "long-enum"

    /// For models that write arguments as plain text, the type decides how they are read; without one they are strings.
    case untypedParameter = "untyped-parameter"

    /// Renderers flatten simple unions alone, and text that could be several types may be read as the wrong one.
    case wideUnion = "wide-union"

    // MARK: Slips

    /// A model cannot give an argument that it was never shown.
    case undeclaredRequired = "undeclared-required"

    /// A model that follows the default makes a call that fails validation.
    case unusableDefault = "unusable-default"

    /// A model is shown the value, sends it, and the call fails validation.
    case refusedValue = "refused-value"

    /// An example whose arguments the tool refuses describes the tool wrongly.
    case refusedExample = "refused-example"

    /// An author relies on a limit in the schema, but a keyword that the schema's draft does not define is not enforced.
    case ignoredKeyword = "ignored-keyword"

    /// Renderers do not follow references, and one that contains itself cannot be written out instead.
    case recursiveSchema = "recursive-schema"

    /// A model is never shown the schema that the reference was meant to name.
    case brokenReference = "broken-reference"

    // MARK: Size

    /// Tool definitions stand in every request and take their tokens from the conversation.
    case tokenCost = "token-cost"

    /// Trials with a model of 3 billion parameters saw it stop choosing right beyond 32 tools.
    case manyTools = "many-tools"
}

extension LintRule {
    /// The name by which a user knows the rule, `missing-description` say.
    public var id: String { rawValue }

    /// The fault that the rule finds, in one sentence.
    public var summary: String {
        switch self {
        case .missingDescription: "A tool or a parameter has no description."
        case .shortDescription: "A tool's description is shorter than \(LintLimits.shortestDescription) bytes."
        case .longDescription: "A description is longer than \(LintLimits.longestDescription) bytes."
        case .repeatedName: "A description only repeats the name."
        case .duplicateDescription: "Several tools have the same description."
        case .unsaidDefault: "Nothing says what happens when an optional parameter is left out."
        case .unportableName: "A name is not a letter or underscore and then letters, digits and underscores."
        case .reservedName: "A tool is named like something built into models or like a part of a call."
        case .overlappingNames: "A tool's name is part of another tool's name."
        case .similarNames: "Names differ only in case or in what stands between their words."
        case .manyParameters:
            "There are more than \(LintLimits.parametersPerLevel) parameters at one level, "
                + "or \(LintLimits.parameters) in all."
        case .deepParameters: "Parameters are nested more than \(LintLimits.levels) levels deep."
        case .longEnum: "An enum has more than \(LintLimits.enumValues) values."
        case .untypedParameter: "A parameter, or what an array holds, has no type."
        case .wideUnion: "A value may be of more than \(LintLimits.unionBranches) types."
        case .undeclaredRequired: "A required parameter is not among the properties."
        case .unusableDefault: "A default is refused by its own schema."
        case .refusedValue: "An enum value, a constant or an example is refused by its own schema."
        case .refusedExample: "The arguments of a tool's example are refused by the parameters of the tool."
        case .ignoredKeyword: "A keyword has no effect by the rules of the schema's draft."
        case .recursiveSchema: "A schema contains itself."
        case .brokenReference: "A reference leads to nothing in the tool's parameters."
        case .tokenCost:
            "A tool takes more than about \(LintLimits.tokensPerTool) tokens, "
                + "or all together more than \(LintLimits.tokens)."
        case .manyTools: "There are more than \(LintLimits.tools) tools."
        }
    }
}
