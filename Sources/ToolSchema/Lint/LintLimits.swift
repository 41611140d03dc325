/// The limits of the lint, with their reasons.
///
/// Few of these were ever measured. A limit that is a judgement is chosen so that tools which models are known to use
/// well stay below it.
enum LintLimits {
    /// The longest name, in bytes, that common tool-calling interfaces take.
    static let nameBytes = 64

    /// In bytes, so that scripts that say more with fewer characters are not held to more of them.
    static let shortestDescription = 10

    /// The limit of a widely used model service, in characters there; about 256 tokens.
    static let longestDescription = 1024

    /// A judgement: most tools that models use well have one to five parameters.
    static let parametersPerLevel = 8

    /// A judgement: two levels that are well filled.
    static let parameters = 20

    /// Parameters, and objects among them; what renderers lose lies below these.
    static let levels = 2

    /// A judgement: about a hundred tokens.
    static let enumValues = 20

    /// Two types are still easy to distinguish, a number or a word; `null` does not count.
    static let unionBranches = 2

    /// Past this, a small model was seen to fail altogether.
    static let tools = 32

    /// The usual rule of thumb for English and JSON; a model's own tokenizer may differ by a third.
    static let bytesPerToken = 4

    /// A judgement: eight such tools fill half of a window of 8,192 tokens.
    static let tokensPerTool = 500

    /// Half of a window of 8,192 tokens, which is a usual one for a model on a computer of one's own.
    static let tokens = 4_000

    // MARK: - The limits of the walk

    /// The maximum depth at which schemas are checked, through references too.
    static let walkDepth = 32

    /// The maximum number of schemas, enum values and required names of one tool that are checked.
    static let walkSteps = 10_000

    /// The maximum number of references of one tool that are followed: they can multiply a few lines without end, and
    /// add a large part each time.
    static let walkReferences = 64

    /// The longest reference that is followed, in bytes: it becomes a part of every path below.
    static let referenceBytes = 256

    // MARK: - The limits of the checks of values

    /// The longest path of a schema whose values are checked, in bytes.
    static let pathBytes = 1024

    /// The steps of all checks of one tool's values.
    static let valueSteps = 2_000_000

    /// The most findings about values of one tool, and about examples of all tools.
    static let refusedValues = 16

    /// The most calls in examples of all tools that are checked.
    static let examples = 1000

    /// The steps of the check of one example.
    static let exampleSteps = 100_000
}
