import Foundation
import TestSupport
import Testing
import ToolJSON

/// The stand-in model server as a child process, which exits when its standard input is closed.
final class RehearsalProcess {
    let http: RawHTTP
    let address: String
    private let process: Process
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        process = Process()
        process.executableURL = URL(filePath: BuiltProducts.executable("toolhost-rehearsal"))
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        address = Self.line(output.fileHandleForReading)
        let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) }, "\(address)")
        http = RawHTTP(port: port)
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    private static func line(_ handle: FileHandle) -> String {
        var bytes = Data()
        while let byte = try? handle.read(upToCount: 1), !byte.isEmpty, byte != Data([0x0A]) { bytes += byte }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Closes the standard input of the process and waits for its exit.
    func endInput() throws -> Int32 {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// Runs the program and waits for its exit.
    static func run(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: BuiltProducts.executable("toolhost-rehearsal"))
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let outputText = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errorText = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, outputText, errorText)
    }
}

// MARK: - Chatting

extension RehearsalProcess {
    func chat(_ messages: [JSON], tools: [JSON] = RehearsalTools.all, _ more: JSONObject = [:]) throws -> RawHTTP.Answer
    {
        var body: JSONObject = ["model": "rehearsal", "messages": .array(messages), "tools": .array(tools)]
        for (key, value) in more { body[key] = value }
        return try http.send("POST", "/api/chat", body: JSON.object(body).text())
    }

    /// Returns the message of the assistant, without streaming.
    func message(_ messages: [JSON], tools: [JSON] = RehearsalTools.all) throws -> JSON {
        let answer = try chat(messages, tools: tools, ["stream": false])
        #expect(answer.status == 200, "\(answer.body)")
        return try #require(try JSON(parsing: answer.body)["message"])
    }

    /// Returns the calls of each round, as names with arguments, and the answer.
    ///
    /// - Parameter tool: Returns the result of a call.
    func converse(
        _ prompt: String,
        tools: [JSON] = RehearsalTools.all,
        _ tool: (String, JSON) -> String
    ) throws -> (rounds: [[String]], content: String) {
        var messages: [JSON] = [["role": "user", "content": .string(prompt)]]
        var rounds: [[String]] = []
        while rounds.count < 20 {
            let message = try message(messages, tools: tools)
            let calls = message["tool_calls"]?.array ?? []
            if calls.isEmpty { return (rounds, message["content"]?.string ?? "") }
            messages.append(message)
            var round: [String] = []
            for call in calls {
                let name = try #require(call[pointer: "/function/name"]?.string)
                let arguments = try #require(call[pointer: "/function/arguments"])
                round.append(name + arguments.text())
                messages.append([
                    "role": "tool", "tool_name": .string(name), "tool_call_id": try #require(call["id"]),
                    "content": .string(tool(name, arguments)),
                ])
            }
            rounds.append(round)
        }
        return (rounds, "")
    }
}

/// Tools to offer, as Ollama's protocol writes them.
enum RehearsalTools {
    static func tool(_ name: String, _ description: String, _ properties: JSON, required: JSON = []) -> JSON {
        let parameters: JSON = ["type": "object", "required": required, "properties": properties]
        return [
            "type": "function",
            "function": ["name": .string(name), "description": .string(description), "parameters": parameters],
        ]
    }

    private static let city: JSON = ["city": ["type": "string", "description": "The name of the city"]]
    private static let pair: JSON = ["a": ["type": "number"], "b": ["type": "number"]]
    private static let unit: JSON = ["type": "string", "enum": ["celsius", "fahrenheit"]]

    static let all: [JSON] = [
        tool("get_temperature", "Get the current temperature for a city", city, required: ["city"]),
        tool("get_conditions", "Get the current weather conditions for a city", city, required: ["city"]),
        tool("sum", "The total of two numbers", pair, required: ["a", "b"]),
        tool("product", "Multiply two numbers", pair, required: ["a", "b"]),
        tool("current_time", "Tell the time in a time zone", ["zone": ["type": "string", "description": "IANA name"]]),
        tool(
            "shift_date",
            "Move a date by some days",
            [
                "date": ["type": "string", "description": "ISO 8601"],
                "days": ["type": "integer", "description": "How many"],
            ],
            required: ["date", "days"]
        ),
        tool(
            "list_files",
            "List the files of a directory",
            ["path": ["type": "string"], "recursive": ["type": "boolean"], "limit": ["type": "integer"]]
        ),
        tool(
            "search",
            "Search files for a text",
            ["query": ["type": "string"], "path": ["type": "string"]],
            required: ["query"]
        ),
        tool(
            "convert",
            "Convert a degree",
            ["value": ["type": "number"], "from": unit, "to": unit],
            required: ["value", "from", "to"]
        ),
        tool(
            "average",
            "The average of some values",
            ["values": ["type": "array", "items": ["type": "number"]]],
            required: ["values"]
        ),
        tool("echo", "Repeat a message", ["text": ["type": "string"]], required: ["text"]),
        tool("uptime", "How long the machine has been up", [:]),
    ]
}
