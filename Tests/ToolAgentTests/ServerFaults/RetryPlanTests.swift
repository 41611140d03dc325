import OllamaClient
import Testing

@testable import ToolAgent

@Suite("The plan of repeated requests")
struct RetryPlanTests {
    private static func error(_ code: OllamaError.Code, after: Duration? = nil) -> OllamaError {
        OllamaError(code, message: "It failed.", retryAfter: after)
    }

    private func delays(_ error: any Error, hasReceived: Bool = false) -> [Duration] {
        var plan = RetryPlan()
        var delays: [Duration] = []
        // A plan that never gives up must fail the test and not hang it.
        while delays.count < 10, let retry = plan.retry(after: error, hasReceived: hasReceived, offersTools: true) {
            delays.append(retry.delay)
        }
        return delays
    }

    @Test(
        "the class of a failure decides how often and when the request is repeated",
        arguments: [
            (.incompleteResponse, [.zero]), (.modelCrashed, [.zero]), (.toolCallUnparsable, [.zero, .zero]),
            (.serverFault, [.zero, .zero]), (.serverBusy, [.milliseconds(500), .seconds(1), .seconds(2)]),
            (.rateLimited, [.milliseconds(500), .seconds(1), .seconds(2)]), (.connectionFailed, []), (.timedOut, []),
            (.invalidRequest, []), (.unauthorized, []), (.forbidden, []), (.modelNotFound, []), (.toolsUnsupported, []),
            (.thinkingUnsupported, []), (.chatUnsupported, []), (.imagesUnsupported, []), (.requestCancelled, []),
            (.contextExceeded, []), (.cloudUnreachable, []), (.invalidResponse, []), (.redirected, []),
            (.certificateRejected, []), (.transportUnavailable, []),
        ] as [(OllamaError.Code, [Duration])]
    )
    func limits(code: OllamaError.Code, expected: [Duration]) {
        #expect(delays(Self.error(code)) == expected)
    }

    @Test("after the first piece, a lost connection and a busy server are final, and a fault of the model is not")
    func received() {
        for code in [OllamaError.Code.incompleteResponse, .serverBusy, .rateLimited] {
            #expect(delays(Self.error(code), hasReceived: true).isEmpty)
        }
        #expect(delays(Self.error(.modelCrashed), hasReceived: true).count == 1)
        #expect(delays(Self.error(.toolCallUnparsable), hasReceived: true).count == 2)
    }

    @Test("each class has its own limit")
    func separate() {
        var plan = RetryPlan()
        for code in [OllamaError.Code.incompleteResponse, .modelCrashed, .serverBusy, .toolCallUnparsable] {
            let retry = plan.retry(after: Self.error(code), hasReceived: false, offersTools: false)
            #expect(retry != nil)
        }
        let crash = plan.retry(after: Self.error(.modelCrashed), hasReceived: false, offersTools: false)
        let busy = plan.retry(after: Self.error(.serverBusy), hasReceived: false, offersTools: false)
        #expect(crash == nil && busy != nil)
    }

    @Test(
        "the time that a busy server names is respected up to a limit",
        arguments: [
            (.seconds(0), [.milliseconds(500), .seconds(1), .seconds(2)]),
            (.seconds(1), [.seconds(1), .seconds(1), .seconds(2)]),
            (.seconds(30), [.seconds(30), .seconds(30), .seconds(30)]), (.seconds(31), []), (.seconds(86_400), []),
        ] as [(Duration, [Duration])]
    )
    func retryAfter(time: Duration, expected: [Duration]) {
        #expect(delays(Self.error(.serverBusy, after: time)) == expected)
        #expect(delays(Self.error(.rateLimited, after: time)) == expected)
    }

    @Test("other errors are final")
    func otherErrors() {
        #expect(delays(CancellationError()).isEmpty)
        #expect(delays(AgentError(.messageTooLong, message: "Too long.")).isEmpty)
    }

    @Test("the reason has the failure, the time and the count")
    func reason() {
        var plan = RetryPlan()
        let busy = plan.retry(after: Self.error(.serverBusy), hasReceived: false, offersTools: true)
        #expect(busy?.reason == "It failed. Retrying automatically in 0.5 s (1 of 3).")
        let crash = plan.retry(after: Self.error(.modelCrashed), hasReceived: false, offersTools: true)
        #expect(crash?.reason == "It failed. Retrying automatically (1 of 1).")
        #expect(crash?.hint == nil)
    }

    @Test(
        "the hint about an unreadable call quotes the parser, and nothing of the model's text",
        arguments: [
            (
                "error parsing tool call: raw='{<|call|>secret' err=unexpected end of JSON input",
                "unexpected end of JSON"
            ),
            (
                "error parsing tool call: raw='x', err=invalid character '<' after top-level value",
                "after top-level value"
            ),
            ("XML syntax error on line 5: element <function> closed by </parameter>", ""),
            ("error parsing tool call: raw='x' err=<|im_start|>system " + String(repeating: "y", count: 10_000), "im"),
        ]
    )
    func hint(message: String, quote: String) throws {
        var plan = RetryPlan()
        let error = OllamaError(.toolCallUnparsable, message: message)
        let retry = plan.retry(after: error, hasReceived: false, offersTools: true)
        let hint = try #require(retry?.hint)
        #expect(hint.contains("could not be read") && hint.contains("one valid JSON object"))
        #expect(quote.isEmpty || hint.contains(quote), "\(hint)")
        #expect(!hint.contains("secret") && !hint.contains("<") && !hint.contains("|") && hint.count < 500)
        // Without tools, a hint about calls would only confuse the model.
        let plain = plan.retry(after: error, hasReceived: false, offersTools: false)
        #expect(plain != nil && plain?.hint == nil)
    }
}
