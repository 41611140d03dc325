/// The limits of the lint and their reasons.
///
/// Few of them have been measured. A limit that is a judgement is chosen so that tools that models use well stay below
/// it.
enum LintLimits {
    /// The maximum length of a name in common tool-calling interfaces, in bytes.
    static let nameBytes = 64

    /// The minimum length of a description.
    ///
    /// It is in bytes, so that scripts with more meaning per character do not need more characters.
    static let minimumDescriptionBytes = 10

    /// The maximum length of a description: the limit of a widely used model service (there in characters), which is
    /// about 256 tokens.
    static let maximumDescriptionBytes = 1024

    /// The maximum number of parameters at one level.
    ///
    /// A judgement: most tools that models use well have one to five.
    static let parametersPerLevel = 8

    /// The maximum number of parameters in all.
    ///
    /// A judgement: two well-filled levels.
    static let parameters = 20

    /// The maximum nesting of parameters: parameters and their members.
    ///
    /// Renderers omit deeper levels.
    static let levels = 2

    /// The maximum number of values of an enum.
    ///
    /// A judgement: about 100 tokens.
    static let enumValues = 20

    /// The maximum number of types, `null` aside.
    ///
    /// Two are still easy to distinguish, such as a number and a word.
    static let unionBranches = 2

    /// The maximum number of tools.
    ///
    /// Beyond it, a small model failed completely in trials.
    static let tools = 32

    /// The common estimate for English and JSON.
    ///
    /// A model's tokenizer can differ by a third.
    static let bytesPerToken = 4

    /// The maximum size of a tool.
    ///
    /// A judgement: eight such tools fill half of a context window of 8,192 tokens.
    static let tokensPerTool = 500

    /// The maximum size of all tools: half of a context window of 8,192 tokens, which is common for local models.
    static let tokens = 4_000

    // MARK: - Limits on the work for schemas

    /// The maximum depth of checked schemas, references included.
    static let walkDepth = 32

    /// The maximum number of checked schemas, enum values and required names per tool.
    static let walkSteps = 10_000

    /// The maximum number of followed references per tool.
    ///
    /// A few lines with references can multiply without bound.
    static let walkReferences = 64

    /// The maximum length of a followed reference, in bytes.
    ///
    /// It becomes a part of every path below it.
    static let referenceBytes = 256

    // MARK: - Limits on the work for values

    /// The maximum length of the path of a schema whose values are checked, in bytes.
    static let pathBytes = 1024

    /// The maximum number of steps for all values of a tool.
    static let valueSteps = 2_000_000

    /// The maximum number of findings for the values of a tool, and for the examples of all tools.
    static let refusedValues = 16

    /// The maximum number of checked calls in the examples of all tools.
    static let examples = 1000

    /// The maximum number of steps for an example.
    static let exampleSteps = 100_000
}
