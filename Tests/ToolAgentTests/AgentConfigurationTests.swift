import Testing
import ToolAgent
import ToolHost
import ToolJSON

@Suite struct AgentConfigurationTests {
    @Test func limitsAreTakenFromAConfiguration() throws {
        var configuration = AgentConfiguration()
        try configuration.apply(["timeout": 5, "rounds": 3])
        #expect(configuration.rounds == 3)
        #expect(configuration.resultCharacters == 60_000)
    }

    @Test(arguments: [0, -1, 1.5, "32", nil] as [JSON])
    func aLimitIsAWholeNumberAboveZero(_ value: JSON) {
        var configuration = AgentConfiguration()
        let error = #expect(throws: ConfigurationError.self) { try configuration.apply(["rounds": value]) }
        #expect(error?.message == "The limit \"rounds\" must be a whole number above 0.")
    }
}
