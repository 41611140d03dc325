import Testing
import ToolHost
import ToolJSON
import ToolPlugin
import ToolPluginFoundation

@ToolSchema enum Size: String, Codable {
    /// Fits a pocket
    case small
    case large
}

@ToolSchema struct Order: Codable {
    var article: String
    @Bounds(1...99) var count: Int = 1
    @Pattern("^[A-Z]{2}$") var country: String?
    var sizes: [Size] = [.small]
    var gift: Gift?
}

@ToolSchema struct Gift: Codable {
    @Length(...20) var message: String
}

@Tool func placeOrder(_ order: Order, at date: Date?) -> Order { order }

@ToolSchema struct Tree {
    var name: String
    var children: [Tree] = []
}

@Tool func countTrees(tree: Tree) -> Int { tree.total }

extension Tree {
    var total: Int { children.reduce(1) { $0 + $1.total } }
}

@Tool func sized(a: UInt8 = 0, b: Int64 = 0, c: UInt64 = 0, d: UInt = 0) -> String { "\(a) \(b) \(c) \(d)" }

struct Broken: Error, CustomStringConvertible {
    let description = "the pipe is broken"
}

@ToolSchema enum Ending: String {
    case text, nothing, number, notANumber, image, parts, refusal, unfit, broken, cancelled
}

@Tool func end(as ending: Ending, context: ToolContext) throws -> ToolReply {
    switch ending {
    case .text: return try ToolReply(returning: "a text")
    case .nothing: return try ToolReply(returning: ())
    case .number: return try ToolReply(returning: [1.5, 2])
    case .notANumber: return try ToolReply(returning: Double.nan)
    case .image: return try ToolReply(returning: ToolImage.png([1, 2]))
    case .parts:
        context.write("early, ")
        return try ToolReply(returning: [.text("late"), .json(["a": 1])])
    case .refusal: throw ToolError.error("no")
    case .unfit: throw ToolError.invalidArguments("not this")
    case .broken: throw Broken()
    case .cancelled: throw CancellationError()
    }
}

@Suite("Calls of Swift tools", .timeLimit(.minutes(10))) struct CallTests {
    private func call(_ tool: Tool, _ arguments: String) async throws -> ToolResult {
        let host = ToolHost()
        try host.register(tool)
        let name = try #require(host.tools.first?.name)
        return try #require(
            await host.dispatch([ToolCall(name: name, arguments: JSON(parsing: arguments))]).results.first
        )
    }

    @Test(
        "a struct is decoded from the arguments and encoded in the result",
        arguments: [
            (#"{"order":{"article":"a"}}"#, #"{"article":"a","count":1,"sizes":["small"]}"#),
            (
                #"{"order":{"article":"a","count":"3","country":"DE","sizes":"large","gift":{"message":"Hi"}},"date":null}"#,
                #"{"article":"a","count":3,"country":"DE","sizes":["large"],"gift":{"message":"Hi"}}"#
            ),
        ]
    )
    func structs(_ arguments: String, _ result: String) async throws {
        let answer = try await call(placeOrderTool, arguments)
        #expect(answer.status == .ok)
        #expect(answer.text == result)
    }

    @Test(
        "an invalid argument is reported with its name",
        arguments: [
            (#"{}"#, "order"), (#"{"order":{"article":"a","count":100}}"#, "count"),
            (#"{"order":{"article":"a","country":"de"}}"#, "country"),
            (#"{"order":{"article":"a","sizes":["huge"]}}"#, "sizes"),
            (#"{"order":{"article":"a","gift":{"message":"012345678901234567890"}}}"#, "message"),
            (#"{"order":{"article":"a"},"date":"tomorrow"}"#, "date: expected a date and time"),
        ]
    )
    func invalidArguments(_ arguments: String, _ word: String) async throws {
        let answer = try await call(placeOrderTool, arguments)
        #expect(answer.status == .invalidArguments)
        #expect(answer.text.contains(word), "\(answer.text)")
    }

    @Test("a recursive type has a finite schema, and errors in it have a path")
    func recursiveTypes() async throws {
        let answer = try await call(
            countTreesTool,
            #"{"tree":{"name":"a","children":[{"name":"b"},{"name":"c","children":[{"name":"d"}]}]}}"#
        )
        #expect(answer.text == "4")
        let deep = try await call(countTreesTool, #"{"tree":{"name":"a","children":[{"children":[{"name":1}]}]}}"#)
        #expect(deep.text.contains("tree.children[0].name: expected a value, got nothing"), "\(deep.text)")
    }

    @Test(
        "integers outside the range of their type are rejected",
        arguments: [
            (
                #"{"a":255,"b":-9223372036854775808,"c":18446744073709551615,"d":1}"#,
                "255 -9223372036854775808 18446744073709551615 1"
            ),
            (#"{"a":256}"#, nil), (#"{"a":-1}"#, nil), (#"{"b":9223372036854775808}"#, nil),
            (#"{"c":18446744073709551616}"#, nil), (#"{"d":-1}"#, nil),
        ]
    )
    func integers(_ arguments: String, _ result: String?) async throws {
        let answer = try await call(sizedTool, arguments)
        #expect(answer.status == (result == nil ? .invalidArguments : .ok))
        if let result { #expect(answer.text == result) }
    }

    @Test(
        "every returned value and thrown error is the result of its call",
        arguments: [
            ("text", ToolStatus.ok, "a text"), ("nothing", .ok, "Done."), ("number", .ok, "[1.5,2]"),
            ("notANumber", .pluginFailed, "The result is not JSON: JSON has no form for nan."),
            ("image", .ok, "[image/png, 2 bytes]"), ("parts", .ok, #"early, late{"a":1}"#),
            ("refusal", .toolError, "no"),
            ("unfit", .invalidArguments, "not this"), ("broken", .toolError, "the pipe is broken"),
            ("cancelled", .cancelled, "The call was cancelled."),
        ]
    )
    func results(_ ending: String, _ status: ToolStatus, _ text: String) async throws {
        let answer = try await call(endTool, #"{"ending":"\#(ending)"}"#)
        #expect(answer.status == status)
        #expect(answer.text == text)
    }

    @Test("the comments of the cases of an enum are in its schema")
    func cases() {
        #expect(
            Size.toolSchema == [
                "type": "string", "oneOf": [["const": "small", "description": "Fits a pocket"], ["const": "large"]],
            ]
        )
    }
}
