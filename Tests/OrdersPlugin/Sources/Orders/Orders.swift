import ToolPluginFoundation

/// The speed of a delivery.
@ToolSchema enum Speed: String, Codable {
    /// Within a week.
    case slow
    /// Tomorrow.
    case fast
}

/// An order.
@ToolSchema struct Order: Codable {
    /// The number of the article.
    @Pattern("^[A-Z][0-9]{3}$") var article: String
    @Bounds(1...99) var count: Int = 1
    /// The recipient, if it is someone else.
    var recipient: String?
    var speed: Speed = .slow
    @Count(...3) var remarks: [String] = []
    var notBefore: Date?
}

/// Place an order.
///
/// - Parameter order: The order.
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

/// A counter of calls.
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
