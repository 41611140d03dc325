/// The rules of the lint.
///
/// The raw value is the ``id``.
///
/// All rules are advice: a tool with findings works, but models, especially small ones, use it less well than they
/// could. The documentation of each rule gives the evidence for it.
public enum LintRule: String, Sendable, Hashable, CaseIterable {
    // MARK: Descriptions

    /// A tool or a parameter without a description.
    ///
    /// A model knows nothing about a tool or a parameter besides its name and its description. In trials, better
    /// definitions alone let models solve far more tasks.
    case missingDescription = "missing-description"

    /// A very short description of a tool.
    ///
    /// A description such as "Get data" does not let a model know which data it gets and when to call it.
    case shortDescription = "short-description"

    /// A description that is too long.
    ///
    /// Every request contains every description, and some model services reject more than 1,024 characters.
    case longDescription = "long-description"

    /// A description that only repeats the name.
    ///
    /// A description such as "The city" for `city` costs tokens without information.
    case repeatedName = "repeated-name"

    /// A description that several tools share.
    ///
    /// A model chooses between tools by their descriptions.
    case duplicateDescription = "duplicate-description"

    /// An optional parameter without a described default.
    ///
    /// If the effect of omitting an optional parameter is not described, models fill it with invented values.
    case unsaidDefault = "unsaid-default"

    // MARK: Names

    /// A name that some renderers change.
    ///
    /// Renderers replace dots, dashes and spaces, drop other characters, or insert a parameter's name unchanged into a
    /// type declaration or a tag.
    case unportableName = "unportable-name"

    /// A name of a built-in tool or of a part of a call.
    ///
    /// Some models have a built-in `python` or `browser` and send code to it instead of arguments. Parsers that search
    /// text for the names of tools find the words of the call itself first.
    case reservedName = "reserved-name"

    /// A tool's name that is part of another tool's name.
    ///
    /// Some servers search the model's text for the names of tools and find the shorter of two names inside the longer
    /// one. Small models confuse such names as well.
    case overlappingNames = "overlapping-names"

    /// Names that differ only in case or in separators.
    ///
    /// Renderers that replace characters can make two names equal, and models confuse the names.
    case similarNames = "similar-names"

    // MARK: Parameters

    /// Too many parameters.
    ///
    /// The more parameters there are, the more of them a small model omits or invents.
    case manyParameters = "many-parameters"

    /// Parameters that are nested too deeply.
    ///
    /// Some renderers show a nested object only as "any object", so that a model does not see its parameters.
    case deepParameters = "deep-parameters"

    /// An enum with too many values.
    ///
    /// Each value costs tokens in every request, and models do not adhere to long lists.
    case longEnum = "long-enum"

    /// A parameter, or elements of an array, without a type.
    ///
    /// For models that write arguments as plain text, the type decides how they are parsed. Without a type, they are
    /// strings.
    case untypedParameter = "untyped-parameter"

    /// A value with too many types.
    ///
    /// Renderers flatten only simple unions, and text that fits several types can be parsed as the wrong one.
    case wideUnion = "wide-union"

    // MARK: Mistakes

    /// A required parameter that is not declared.
    ///
    /// A model cannot send an argument that it does not see.
    case undeclaredRequired = "undeclared-required"

    /// A default that violates its own schema.
    ///
    /// A model that sends the default makes a call that fails validation.
    case unusableDefault = "unusable-default"

    /// An enum value, a constant or an example that violates its own schema.
    ///
    /// A model sees the value and sends it, and the call fails validation.
    case refusedValue = "refused-value"

    /// Arguments of a tool's example that violate the tool's parameters.
    ///
    /// An example whose arguments the tool rejects describes the tool wrongly.
    case refusedExample = "refused-example"

    /// A keyword without an effect in the schema's draft.
    ///
    /// The author relies on a keyword, but the schema's draft does not define it, so it is not enforced.
    case ignoredKeyword = "ignored-keyword"

    /// A schema that contains itself.
    ///
    /// Renderers do not follow references, and a recursive reference cannot be expanded.
    case recursiveSchema = "recursive-schema"

    /// A reference that does not resolve within the tool's parameters.
    ///
    /// A model does not see the schema that the reference is supposed to name.
    case brokenReference = "broken-reference"

    // MARK: Size

    /// A tool, or a set of tools, that takes too many tokens.
    ///
    /// Every request contains all tool definitions, which reduces the tokens for the conversation.
    case tokenCost = "token-cost"

    /// Too many tools.
    ///
    /// In trials with a model of 3 billion parameters, it stopped choosing correctly beyond 32 tools.
    case manyTools = "many-tools"
}

extension LintRule {
    /// The identifier of the rule for users, such as `missing-description`.
    public var id: String { rawValue }

    /// The problem that the rule finds, in one sentence.
    public var summary: String {
        switch self {
        case .missingDescription: "A tool or a parameter has no description."
        case .shortDescription: "A tool's description is shorter than \(LintLimits.minimumDescriptionBytes) bytes."
        case .longDescription: "A description is longer than \(LintLimits.maximumDescriptionBytes) bytes."
        case .repeatedName: "A description only repeats the name."
        case .duplicateDescription: "Several tools have the same description."
        case .unsaidDefault: "The effect of omitting an optional parameter is not described."
        case .unportableName: "A name does not consist of letters, digits and underscores, or begins with a digit."
        case .reservedName: "A tool has the name of a tool built into models, or of a part of a call."
        case .overlappingNames: "A tool's name is part of another tool's name."
        case .similarNames: "Names differ only in case or in separators."
        case .manyParameters:
            "There are more than \(LintLimits.parametersPerLevel) parameters at one level, "
                + "or \(LintLimits.parameters) in all."
        case .deepParameters: "Parameters are nested more than \(LintLimits.levels) levels deep."
        case .longEnum: "An enum has more than \(LintLimits.enumValues) values."
        case .untypedParameter: "A parameter or the elements of an array have no type."
        case .wideUnion: "A value can have more than \(LintLimits.unionBranches) types."
        case .undeclaredRequired: "A required parameter is not among the properties."
        case .unusableDefault: "A default violates its own schema."
        case .refusedValue: "An enum value, a constant or an example violates its own schema."
        case .refusedExample: "The arguments of a tool's example violate the parameters of the tool."
        case .ignoredKeyword: "A keyword has no effect in the schema's draft."
        case .recursiveSchema: "A schema contains itself."
        case .brokenReference: "A reference does not resolve within the tool's parameters."
        case .tokenCost:
            "A tool takes more than about \(LintLimits.tokensPerTool) tokens, "
                + "or all together more than \(LintLimits.tokens)."
        case .manyTools: "There are more than \(LintLimits.tools) tools."
        }
    }
}
