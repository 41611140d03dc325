import Testing

/// The cases of the test of Ollama's own agent loop, and the tests here that cover them.
///
/// Where their calls run one after another, ours run in parallel.
@Suite("The cases of Ollama's agent loop")
struct OllamaSessionTests {
    /// A test in `agent/session_test.go` of ollama/ollama.
    struct Case: Sendable, CustomTestStringConvertible {
        /// The name without the prefix `TestSession`.
        let theirs: String
        /// The type and the function of our test.
        let ours: String

        var testDescription: String { theirs }
    }

    private static let cases: [Case] = [
        ("EmitsToAllSinksAfterError", "OllamaSessionLoopTests.allObservers"),
        ("RunsToolLoop", "DocumentedExampleTests.singleCall"),
        ("AddsSystemPromptOnlyToRequest", "AgentTests.systemPromptAndImagesAreSent"),
        ("ChatRequestMatchesRunRequest", "DocumentedExampleTests.objectsAreBridgedWithTheirDefaults"),
        ("AccumulatesStreamingAssistantMessage", "OllamaSessionLoopTests.accumulation"),
        ("RequestHistoryKeepsThinkingAndServerToolCallIDs", "DocumentedExampleTests.streamingWithThinking"),
        ("KeepsPartialStreamOnCancellation", "InterruptionTests.cancellingClosesTheRequest"),
        ("CancellationKeepsPartialResultWhenUISinkCancels", "ResponseTests.cancellation"),
        ("TreatsHTTPContextCanceledStringAsCancellation", "OllamaSessionLoopTests.cancelledRequest"),
        ("DisabledToolsOmitToolsAndReturnsDisabledResults", "ToolChoiceTests.none"),
        ("CancellationAfterToolCallAppendsSkippedToolMessage", "OllamaSessionLoopTests.cancelledCalls"),
        ("CancellationDuringToolExecutionAppendsToolMessage", "InterruptionTests.cancellingEndsTheCallsThatRun"),
        ("ToolLoopAllowsRoundsUnderDefaultCap", "OllamaSessionLoopTests.rounds"),
        // Ours asks for an answer with the results so far, so no call is skipped.
        ("LocalToolRoundLimitAppendsSkippedToolMessages", "AgentTests.atTheRoundLimitTheModelAnswersWithoutTools"),
        ("LocalToolLoopStopsAtDefaultRoundCap", "OllamaSessionLoopTests.rounds"),
        // Ours has the same limit for each model.
        ("CloudToolLoopHonorsExplicitRoundCap", "DocumentedExampleTests.resultsGoBackWithoutTools"),
        // Ours has no unlimited loop, but any limit.
        ("ToolLoopNegativeLimitIsUnlimited", "OllamaSessionLoopTests.rounds"),
        ("TruncatesLargeToolResultsBeforeHistory", "AgentTests.longResultsAreTrimmedAndImagesGoAlong"),
        ("SmallContextUsesLowerToolResultPreviewCap", "ContextSizeTests.resultsAreTrimmedToAQuarterOfTheWindow"),
        ("SmallContextRecapsPreTruncatedToolOutput", "OllamaSessionLoopTests.forgedMarks"),
        ("RequestSanitizesPreMarkedToolOutput", "OllamaSessionLoopTests.forgedMarks"),
        ("CompactsAfterToolResultsBeforeContinuing", "LongConversationTests.oneResponse"),
        ("StopsWhenCompactedHistoryStillExceedsContext", "LongConversationTests.refusedTwice"),
        ("ContextCapsToolResultBeforeCompaction", "ContextCompactionTests.newResults"),
        ("CompactsThenReattachesFullyOmittedToolResult", "ContextCompactionTests.handles"),
        ("EmitsAutoCompactionActivityEvents", "LongConversationTests.manyExchanges"),
        ("TruncatesSeededToolMessagesBeforeHistory", "LongConversationTests.resumed"),
        ("PreflightRejectsOversizedFirstRequest", "ConversationSizeTests.tooLong"),
        ("PreflightIgnoresRawImageBytes", "OllamaSessionLoopTests.images"),
        // Our tools share no working directory. What a reply grants is the counterpart: it holds before a call starts.
        ("FreezesBatchToolWorkingDirAfterApproval", "OllamaSessionApprovalTests.onePrompt"),
        ("AllowsToolWorkingDirOutsideInitialDir", "RealPathTests.resolved"),
        ("DeniesWithoutApprovalPrompter", "OllamaSessionApprovalTests.withoutUser"),
        ("PromptsOnceForApprovalBatch", "OllamaSessionApprovalTests.onePrompt"),
        ("RunsFullApprovedToolBatchBeforeNextModelStep", "OllamaSessionApprovalTests.wholeBatch"),
        ("AllowAllApprovalSkipsFuturePrompts", "OllamaSessionApprovalTests.rules"),
        ("AllowToolApprovalSkipsFuturePromptForSameTool", "OllamaSessionApprovalTests.rules"),
        ("AllowShellApprovalScopesToExactCommand", "OllamaSessionApprovalTests.rules"),
        ("AllowAllToolsExecutesApprovalTool", "OllamaSessionApprovalTests.allowAll"),
    ].map { Case(theirs: $0, ours: $1) }

    @Test("each case has a test that exists", arguments: cases)
    func exists(_ test: Case) { TestSources.expectTest(test.ours) }

    @Test("all cases are there, each once")
    func count() { #expect(Set(Self.cases.map(\.theirs)).count == 38 && Self.cases.count == 38) }
}
