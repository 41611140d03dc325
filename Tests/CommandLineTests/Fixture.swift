import Foundation
import TestSupport

/// Plugins that the tests of several verbs need.
///
/// Compiled once.
enum Fixture {
    /// `get_temperature` and `get_conditions`; `typed`, `outcome`, `show`.
    static var plugins: FixtureDirectory {
        get throws { try shared.get() }
    }

    private static let shared = Result {
        let fixture = try FixtureDirectory()
        try fixture.plugin("weather.so", weather)
        try fixture.plugin("typed.so", typed)
        try fixture.plugin("outcome.so", outcome)
        // A value that lives as long as the process is never let go of.
        atexit {
            if let directory = try? Fixture.plugins { try? FileManager.default.removeItem(atPath: directory.path) }
        }
        return fixture
    }

    /// A schema with a parameter of every type.
    private static let typed = FixtureSource.tool(
        "typed",
        extra: """
            ,"parameters":{"type":"object","properties":{"i":{"type":"integer"},"n":{"type":"number"},\
            "b":{"type":"boolean"},"z":{"type":"null"},"a":{"type":"array"},"o":{"type":"object"},\
            "s":{"type":"string"},"in":{"type":["integer","null"]},"sn":{"type":["string","number"]}}}
            """,
        body: "tool_write_json(call, call->arguments); return tool_finish(call, TOOL_OK);"
    )

    /// `outcome` ends as `how` says.
    static let outcome = FixtureSource.tool(
        "outcome",
        extra: """
            ,"parameters":{"type":"object","properties":{"how":{"type":"string"}}},\
            "toolhost":{"timeout":0.2,"examples":[{"arguments":{"how":"text"},"result":"a text"},\
            {"arguments":{"how":"json"},"result":{"b":[1,2]}},{"arguments":{"how":"error"},"error":"TOOL_ERROR"},\
            [{"arguments":{"how":"text"},"result":"a text"},{"arguments":{"how":"text"},"result":"a text"}]]}
            """,
        body: """
            tool_text_v1 how;
            if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK)
                return tool_fail(call, TOOL_INVALID_ARGUMENTS, "how: expected a text");
            if (!strcmp(how.bytes, "text")) return tool_reply(call, tool_text("a text"));
            if (!strcmp(how.bytes, "json")) {
                tool_write_json(call, tool_text("{\\"b\\": [1, 2]}"));
                return tool_finish(call, TOOL_OK);
            }
            if (!strcmp(how.bytes, "error")) return tool_fail(call, TOOL_ERROR, "the tool says no");
            if (!strcmp(how.bytes, "internal")) return tool_fail(call, TOOL_INTERNAL, "the plugin is at fault");
            if (!strcmp(how.bytes, "nothing")) return TOOL_DONE;
            if (!strcmp(how.bytes, "stuck")) { while (!tool_is_cancelled(call)) { } return tool_finish(call, TOOL_CANCELLED); }
            if (!strcmp(how.bytes, "image")) {
                tool_write_text(call, tool_text("A dot: "));
                tool_write_data(call, "image/png", "\\211PNG\\0\\377", 6);
                return tool_finish(call, TOOL_OK);
            }
            if (!strcmp(how.bytes, "data")) {
                tool_write_data(call, "application/pdf", "%PDF\\n", 5);
                return tool_finish(call, TOOL_OK);
            }
            if (!strcmp(how.bytes, "hostile"))
                return tool_reply(call, tool_text("\\033]0;gone\\a\\302\\233 \\342\\200\\256abc\\342\\200\\213\\r\\177\\tx\\ny"));
            return tool_fail(call, TOOL_INVALID_ARGUMENTS, "how: unknown");
            """
    )

    /// `meet` ends well only if two of its calls run at once: each waits until the other has started.
    static let meeting = FixtureSource.tool(
        "meet",
        before: """
            #include <time.h>
            static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
            static pthread_cond_t arrival = PTHREAD_COND_INITIALIZER;
            static int arrived;
            """,
        extra: """
            ,"parameters":{"type":"object","required":["name"],"properties":{"name":{"type":"string",\
            "description":"The name of a person"}}}
            """,
        body: """
            tool_text_v1 name;
            struct timespec limit;
            int failure = 0;
            if (tool_get_text(call, "/name", &name) != TOOL_RESULT_OK)
                return tool_fail(call, TOOL_INVALID_ARGUMENTS, "name: expected a text");
            clock_gettime(CLOCK_REALTIME, &limit);
            limit.tv_sec += 20;
            pthread_mutex_lock(&mutex);
            arrived++;
            pthread_cond_broadcast(&arrival);
            while (arrived < 2 && !failure) failure = pthread_cond_timedwait(&arrival, &mutex, &limit);
            pthread_mutex_unlock(&mutex);
            if (failure) return tool_fail(call, TOOL_ERROR, "nobody came");
            tool_print(call, "%s was met", name.bytes);
            return tool_finish(call, TOOL_OK);
            """
    )

    /// The two tools of the sample plugin of that name, without its build.
    private static let weather = """
        #include "tool_plugin.h"
        static const char *const table[][3] = {{"New York", "22C", "Partly cloudy"}, {"London", "15C", "Rainy"},
            {"Tokyo", "18C", "Sunny"}};
        static int32_t look_up(void *context, const tool_call_v1 *call) {
            tool_text_v1 city;
            if (tool_get_text(call, "/city", &city) != TOOL_RESULT_OK)
                return tool_fail(call, TOOL_INVALID_ARGUMENTS, "city: expected a text");
            for (int i = 0; i < 3; i++)
                if (!strcmp(city.bytes, table[i][0])) return tool_reply(call, tool_text(table[i][context ? 2 : 1]));
            return tool_reply(call, tool_text("Unknown"));
        }
        #define SCHEMA(name, what) TOOL_TEXT("{\\"name\\":\\"" name "\\",\\"description\\":\\"Get the current " what \\
            " for a city\\",\\"parameters\\":{\\"type\\":\\"object\\",\\"required\\":[\\"city\\"],\\"properties\\":{" \\
            "\\"city\\":{\\"type\\":\\"string\\",\\"description\\":\\"The name of the city\\"}}}}")
        static const tool_v1 temperature = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
            .schema = SCHEMA("get_temperature", "temperature"), .execute = look_up};
        static const tool_v1 conditions = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
            .schema = SCHEMA("get_conditions", "weather conditions"), .execute = look_up, .context = "conditions"};
        TOOL_PLUGIN("{\\"name\\":\\"weather\\"}", &temperature, &conditions)
        """
}
