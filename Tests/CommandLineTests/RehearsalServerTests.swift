import TestSupport
import Testing
import ToolJSON

@Suite("The rehearsal's server", .timeLimit(.minutes(10)))
struct RehearsalServerTests {
    private let server: RehearsalProcess

    init() throws {
        server = try RehearsalProcess()
    }

    private let twoCities: [JSON] = [["role": "user", "content": "temperature in New York and London"]]

    @Test("the rehearsal streams thinking, each call in a separate chunk, and the end")
    func streamsCalls() throws {
        let answer = try server.chat(twoCities, ["think": true])
        #expect(answer.status == 200)
        #expect(answer.headers["content-type"] == "application/x-ndjson")
        #expect(answer.headers["transfer-encoding"] == "chunked")
        #expect(answer.body.hasSuffix("\n"))
        let chunks = try answer.body.split(separator: "\n").map { try JSON(parsing: String($0)) }
        let thinking = chunks.compactMap { $0[pointer: "/message/thinking"]?.string }
        #expect(thinking.count > 1)
        #expect(thinking.joined().contains("get_temperature"))

        let calls = chunks.compactMap { $0[pointer: "/message/tool_calls"]?.array }
        #expect(calls.map(\.count) == [1, 1])
        #expect(calls.joined().map { $0[pointer: "/function/index"] } == [0, 1])
        let ids = calls.joined().compactMap { $0["id"]?.string }
        #expect(Set(ids).count == 2)
        #expect(ids.allSatisfy { $0.hasPrefix("call_") && $0.count == 13 })

        #expect(chunks.dropLast().allSatisfy { $0["done"] == false && $0["done_reason"] == nil })
        let last = try #require(chunks.last)
        #expect(last["done"] == true)
        #expect(last["done_reason"] == "stop")
        for key in ["total_duration", "prompt_eval_count", "eval_count", "eval_duration"] {
            #expect(last[key]?.int ?? 0 > 0, "\(key)")
        }
        for chunk in chunks {
            #expect(chunk["model"] == "rehearsal")
            #expect(chunk["created_at"]?.string?.hasSuffix("Z") == true)
            #expect(chunk[pointer: "/message/role"] == "assistant")
            #expect(chunk[pointer: "/message/content"] == "")
        }
    }

    @Test("the rehearsal streams words, and thinks only if the request asks for it")
    func streamsWords() throws {
        let answer = try server.chat([["role": "user", "content": "Sing"]])
        let chunks = try answer.body.split(separator: "\n").map { try JSON(parsing: String($0)) }
        let words = chunks.compactMap { $0[pointer: "/message/content"]?.string }
        #expect(words.count > 5)
        #expect(words.joined().hasSuffix("(rehearsal: not a language model)"))
        #expect(!answer.body.contains("thinking"))
    }

    @Test("the rehearsal sends the same reply to the same request")
    func deterministic() throws {
        #expect(try server.message(twoCities) == server.message(twoCities))
    }

    @Test("the rehearsal replies to a request without messages as a server that loads a model")
    func load() throws {
        let answer = try server.chat([], tools: [], ["stream": false])
        #expect(try JSON(parsing: answer.body)["done_reason"] == "load")
        let unload = try server.chat([], tools: [], ["stream": false, "keep_alive": 0])
        #expect(try JSON(parsing: unload.body)["done_reason"] == "unload")
    }

    @Test("the rehearsal describes its one model")
    func describes() throws {
        let show = try server.http.send("POST", "/api/show", body: #"{"model":"rehearsal:latest"}"#)
        let model = try JSON(parsing: show.body)
        #expect(model["capabilities"] == ["completion", "tools", "thinking"])
        #expect(model["model_info"]?["rehearsal.context_length"] == 32768)
        for (path, pointer, value) in [
            ("/api/tags", "/models/0/name", "rehearsal:latest"), ("/api/ps", "/models/0/context_length", 32768),
            ("/api/version", "/version", "0.1.0"),
        ] as [(String, String, JSON)] {
            let answer = try server.http.send("GET", path)
            #expect(answer.status == 200)
            #expect(try JSON(parsing: answer.body)[pointer: pointer] == value)
        }
        #expect(try server.http.send("GET", "/").body.contains("not a language model"))
    }

    @Test(
        "the rehearsal refuses invalid requests with the errors of the protocol",
        arguments: [
            ("POST", "/api/chat", #"{"model":"llama","messages":[]}"#, 404, "model 'llama' not found"),
            ("POST", "/api/show", #"{"model":"llama"}"#, 404, "model 'llama' not found"),
            ("POST", "/api/show", "{}", 400, "model is required"),
            ("POST", "/api/chat", "", 400, "missing request body"),
            ("POST", "/api/chat", "{\"model\":", 400, "the request body is not JSON"),
            ("POST", "/api/chat", "[]", 400, "json: cannot unmarshal array into ChatRequest"),
            ("POST", "/api/chat", "{}", 400, "model is required"),
            ("POST", "/api/chat", #"{"model":1}"#, 400, "ChatRequest.model: it must be a string"),
            ("POST", "/api/chat", #"{"model":"rehearsal","messages":{}}"#, 400, "ChatRequest.messages"),
            ("POST", "/api/chat", #"{"model":"rehearsal","messages":[{"content":[]}]}"#, 400, "messages[0].content"),
            ("POST", "/api/chat", #"{"model":"rehearsal","think":"deep"}"#, 400, "invalid think value"),
            ("POST", "/api/chat", #"{"model":"rehearsal","stream":"yes"}"#, 400, "ChatRequest.stream"),
            ("POST", "/api/chat", #"{"model":"rehearsal","tools":[{}]}"#, 400, "ChatRequest.tools[0]"),
            (
                "POST", "/api/chat",
                #"{"model":"rehearsal","tools":[{"function":{"name":"f","parameters":{"properties":{"x":true}}}}]}"#,
                400, "parameters.properties.x"
            ),
            (
                "POST", "/api/chat",
                #"{"model":"rehearsal","messages":[{"tool_calls":[{"function":{"arguments":"{}"}}]}]}"#, 400,
                "arguments"
            ),
            ("GET", "/api/chat", nil, 405, "405 method not allowed"), ("POST", "/api/tags", "{}", 405, "405"),
            ("GET", "/nowhere", nil, 404, "404 page not found"),
        ] as [(String, String, String?, Int, String)]
    )
    func refuses(method: String, path: String, body: String?, status: Int, words: String) throws {
        let answer = try server.http.send(method, path, body: body)
        #expect(answer.status == status)
        #expect(try #require(try JSON(parsing: answer.body)["error"]?.string).contains(words), "\(answer.body)")
    }

    @Test("the rehearsal refuses a body beyond its limit before it is sent")
    func largeBody() throws {
        let head = "POST /api/chat HTTP/1.1\r\nhost: x\r\ncontent-length: \((64 << 20) + 1)\r\n\r\n"
        let answer = String(decoding: try server.http.exchange(Array(head.utf8)), as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        #expect(answer.contains("the request body is larger than 67108864 bytes"))
    }

    @Test("the rehearsal continues after input that is not HTTP")
    func notHTTP() throws {
        _ = try? server.http.exchange(Array("\u{16}\u{3}\u{1}\r\n\r\n".utf8))
        #expect(try server.http.send("GET", "/").status == 200)
    }

    @Test("the rehearsal prints its address, and exits at the end of its standard input")
    func endsWithInput() throws {
        #expect(server.address.hasPrefix("http://127.0.0.1:"))
        #expect(try server.endInput() == 0)
    }

    @Test("the rehearsal prints help, and refuses unknown arguments")
    func arguments() throws {
        let help = try RehearsalProcess.run("--help")
        #expect(help.status == 0 && help.output.contains("NOT a language model"))
        #expect(try RehearsalProcess.run("--version").output == "0.1.0\n")
        for arguments in [["--nope", ""], ["--port", "x"], ["--port", "65536"]] {
            let refused = try RehearsalProcess.run(arguments[0], arguments[1])
            #expect(refused.status == 64)
            #expect(refused.output.isEmpty && refused.errors.hasPrefix("toolhost-rehearsal: "))
        }
    }

    @Test("the rehearsal reports a port that is in use")
    func portInUse() throws {
        let port = String(server.address.drop { $0 != ":" }.dropFirst().drop { $0 != ":" }.dropFirst())
        let refused = try RehearsalProcess.run("--port", port)
        #expect(refused.status == 74)
        #expect(refused.errors.contains("cannot listen on 127.0.0.1 port \(port)"))
    }
}
