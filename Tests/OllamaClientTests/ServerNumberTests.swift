import OllamaClient
import TestSupport
import Testing
import ToolJSON

@Suite("A number that a server sends", .timeLimit(.minutes(10)))
struct ServerNumberTests {
    /// The numbers that the client reads, by their position.
    enum Field: String, CaseIterable, Sendable {
        case shownContextLength, runningContextLength, listedContextLength, listedSize
        case promptEvalCount, evalCount, totalDuration, loadDuration
        case statusCode, oldStatusCode

        /// Returns a response with a value in the position of the number.
        func response(_ value: String) -> String {
            switch self {
            case .shownContextLength:
                #"{"model_info":{"general.architecture":"x","x.context_length":\#(value),"y.context_length":7}}"#
            case .runningContextLength: #"{"models":[{"name":"x","context_length":\#(value)}]}"#
            case .listedContextLength: #"{"models":[{"name":"x","details":{"context_length":\#(value)}}]}"#
            case .listedSize: #"{"models":[{"name":"x","size":\#(value)}]}"#
            case .promptEvalCount: #"{"message":{},"done":true,"prompt_eval_count":\#(value)}"#
            case .evalCount: #"{"message":{},"done":true,"eval_count":\#(value)}"#
            case .totalDuration: #"{"message":{},"done":true,"total_duration":\#(value)}"#
            case .loadDuration: #"{"message":{},"done":true,"load_duration":\#(value)}"#
            case .statusCode: #"{"error":"no","StatusCode":\#(value)}"#
            case .oldStatusCode: #"{"error":"no","status_code":\#(value)}"#
            }
        }

        var range: ClosedRange<Int> {
            switch self {
            case .shownContextLength, .runningContextLength, .listedContextLength: 1...2_147_483_647
            case .promptEvalCount, .evalCount: 0...2_147_483_647
            case .listedSize, .totalDuration, .loadDuration: 0...9_007_199_254_740_992
            case .statusCode, .oldStatusCode: 100...999
            }
        }

        /// Reads the number with a client.
        func read(_ client: OllamaClient) async throws -> Int? {
            switch self {
            case .shownContextLength: return try await client.show(model: "x").contextLength
            case .runningContextLength: return try await client.running()[0].contextLength
            case .listedContextLength: return try await client.models()[0].contextLength
            case .listedSize: return try await client.models()[0].size
            case .promptEvalCount: return try await client.answer().chunks.last?.promptEvalCount
            case .evalCount: return try await client.answer().chunks.last?.evalCount
            case .totalDuration: return try await client.answer().chunks.last?.totalDuration.map(Self.nanoseconds)
            case .loadDuration: return try await client.answer().chunks.last?.loadDuration.map(Self.nanoseconds)
            case .statusCode, .oldStatusCode: return try await client.answer().error?.status
            }
        }

        private static func nanoseconds(_ duration: Duration) -> Int {
            Int(duration.components.seconds) * 1_000_000_000 + Int(duration.components.attoseconds / 1_000_000_000)
        }
    }

    @Test("a number from the server outside its range is ignored", arguments: Field.allCases)
    func range(field: Field) async throws {
        let range = field.range
        let inside = [range.lowerBound, range.upperBound].map { ("\($0)", Int?.some($0)) }
        let outside = [range.lowerBound - 1, range.upperBound + 1].map { ("\($0)", Int?.none) }
        let cases = inside + outside + ExtremeNumber.all.map { ($0.text, $0.integer(in: range)) }
        let server = try ScriptedServer(cases.map { .json(field.response($0.0)) }, details: nil)
        defer { server.stop() }
        let client = server.client()
        for (text, expected) in cases {
            #expect(try await field.read(client) == expected, "\(text)")
        }
    }
}
