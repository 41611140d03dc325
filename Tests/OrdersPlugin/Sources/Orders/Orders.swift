import ToolPluginFoundation

/// How fast an order travels.
@ToolSchema enum Speed: String, Codable {
    /// Within a week.
    case slow
    /// Tomorrow.
    case fast
}

/// What somebody wants to have.
@ToolSchema struct Order: Codable {
    /// The number of the article.
    @Pattern("^[A-Z][0-9]{3}$") var article: String
    @Bounds(1...99) var count: Int = 1
    /// Whom it is for, if not for oneself.
    var recipient: String?
    var speed: Speed = .slow
    @Count(...3) var remarks: [String] = []
    var notBefore: Date?
}

/// Place an order.
///
/// - Parameter order: What to order.
@Tool(
    annotations: [.destructive],
    examples: [
        ToolExample(
            ["order": ["article": "A001"]],
            result: ["article": "A001", "count": 1, "speed": "slow", "remarks": []]
        ),
        ToolExample(["order": ["article": "A001", "count": 100]], error: .invalidArguments),
    ]
)
func placeOrder(order: Order) -> Order { order }

/// Count what has been asked.
@ToolSet actor Counter {
    private var count = 0

    init() {}

    /// Count one more.
    @Tool func next(context: ToolContext) async throws -> String {
        try context.checkCancellation()
        count += 1
        return "\(count)"
    }
}

@ToolPlugin let orders = PluginDescription(
    "orders",
    version: "1.0.0",
    tools: [placeOrderTool, trapTool, spinTool, waitTool, blockAsyncTool, lieTool, reportTool] + Counter.tools
)
