import Testing
import ToolJSON

@Suite("NearNames")
struct NearNamesTests {
    private static let names = ["get_conditions", "get_temperature", "list_files", "temperature_unit", "write_file"]

    @Test(
        "near names differ in case, separators, prefixes, suffixes, word order, abbreviations or typing errors",
        arguments: [
            ("get_temperature", "get_temperature"), ("Get_Temperature", "get_temperature"),
            ("get-temperature", "get_temperature"), ("get.temperature", "get_temperature"),
            ("getTemperature", "get_temperature"), ("GET TEMPERATURE", "get_temperature"),
            ("functions.get_temperature", "get_temperature"),
            ("mcp__weather_server__get_temperature", "get_temperature"),
            ("weather/get_temperature", "get_temperature"), ("get_temperature_v2", "get_temperature"),
            ("get_temperature<|channel|>commentary", "get_temperature"),
            ("functions.get_temperature:0", "get_temperature"), ("get_current_temperature", "get_temperature"),
            ("temperature_get", "get_temperature"), ("weather.getTemp", "get_temperature"),
            ("get_temprature", "get_temperature"), ("get_temperatuer", "get_temperature"),
            ("get_condition", "get_conditions"), ("unit", "temperature_unit"), ("list_file", "list_files"),
            ("writeFiles", "write_file"),
        ]
    )
    func near(name: String, expected: String) {
        #expect(NearNames(Self.names).near(name).first == expected)
        #expect(NearNames(Self.names).suggestions(for: name, limit: 9).names.first == expected)
    }

    @Test(
        "names that are only superficially similar are not near",
        arguments: [
            ("start_time", "end_time"), ("user_name", "file_name"), ("city", "capacity"), ("get", "forget_me"),
            ("max_results", "max_count"), ("nope", "typed"), ("x", "y"), ("", "a"), ("---", "a"),
            (String(repeating: "a", count: 97), String(repeating: "a", count: 97)),
        ]
    )
    func far(name: String, other: String) {
        #expect(NearNames([other]).near(name).isEmpty)
        #expect(NearNames([other]).question(name).isEmpty)
    }

    @Test("a letter beyond ASCII counts once, and its case is ignored")
    func unicode() {
        #expect(NearNames(["Köln", "Berlin"]).near("koln") == ["Köln"])
        #expect(NearNames(["straße", "weg"]).near("STRASSE") == ["straße"])
        #expect(NearNames(["ÄRGER"]).near("ärger") == ["ÄRGER"])
    }

    @Test("suggestions list near names first and keep the order of the others, and a question has at most three names")
    func order() {
        let (question, names) = NearNames(["beta", "alpha", "gamma", "alpha1", "alpha2", "alpha3"])
            .suggestions(for: "alphas", limit: 5)
        #expect(names == ["alpha", "alpha1", "alpha2", "alpha3", "beta"])
        #expect(question == #" Did you mean "alpha", "alpha1" or "alpha2"?"#)
        #expect(NearNames.question("gama", among: ["gamma"]) == #" Did you mean "gamma"?"#)
        #expect(NearNames(["b", "a"]).suggestions(for: "zzzz", limit: 9).names == ["b", "a"])
    }

    @Test("a search among 100,000 names takes a bounded number of steps")
    func many() throws {
        let many = (0..<100_000).map { "aa_tool_\($0)_of_a_long_list_of_names_that_fill_all_letters_xyz" }
        let names = NearNames(many + ["zz_get_temperature"])
        for name in ["ZZ_Get_Temperature", "functions.zz_get_temperature", "zz_get_temprature", "zzGetTemperature"] {
            var steps = 0
            let matches = names.ranked(name) { steps += $0 }
            #expect(matches.first.map { names.names[$0.index] } == "zz_get_temperature")
            #expect(steps < 600_000)
        }
        // Long names with the same letters are the worst case.
        let alike = NearNames((0..<20_000).map { String(repeating: "ab", count: 44) + "\($0)" })
        var steps = 0
        _ = alike.ranked(String(repeating: "ba", count: 46)) { steps += $0 }
        #expect(steps < 250_000)
    }
}
