import TestSupport
import Testing
import ToolAgent
import ToolHost
import ToolJSON

@Suite("Agent configurations")
struct AgentConfigurationTests {
    @Test("the limits of a configuration file replace the defaults, and other keys are ignored")
    func limitsAreTakenFromAConfiguration() throws {
        var configuration = AgentConfiguration()
        try configuration.apply(["timeout": 5, "rounds": 3])
        #expect(configuration.maximumRounds == 3)
        #expect(configuration.resultCharacters == 60_000)
    }

    @Test(
        "a limit outside of its range is refused, and the range is named",
        arguments: [("rounds", 1_000_000), ("result_characters", 1_073_741_824)]
    )
    func range(key: String, most: Int) throws {
        var configuration = AgentConfiguration()
        for number in ExtremeNumber.all where number.integer(in: 1...most) == nil {
            let limits: JSONObject = [key: try number.json]
            let error = #expect(throws: ToolHostError.self) { try configuration.apply(limits) }
            #expect(error?.message == "The limit \"\(key)\" must be a whole number from 1 to \(most).")
        }
        #expect(throws: ToolHostError.self) { try configuration.apply([key: .int(most + 1)]) }
        try configuration.apply([key: .int(most)])
        try configuration.apply([key: 1])
    }
}
