"""Calls the same tool with the libraries that programs in Python use for that.

Prints a line of JSON with the version of each peer, or the reason why it is missing. Then it reads lines `NAME COUNT`, runs
the work so many times, and prints the nanoseconds that it took.
"""
import asyncio, ctypes, gc, importlib.metadata, importlib.util, itertools, json, os, sys, time

ARGUMENTS = {"city": "London"}
TEMPERATURES = {"New York": "22C", "London": "15C", "Tokyo": "18C"}


def get_temperature(city: str) -> str:
    """Get the temperature of a city"""
    return TEMPERATURES.get(city, "Unknown")


def repeated(call):
    """Returns a function that runs a call so many times and returns the nanoseconds."""

    def run(count):
        repeats = itertools.repeat(None, count)
        start = time.perf_counter_ns()
        for _ in repeats:
            call()
        return time.perf_counter_ns() - start

    return run


def ollama_client():
    """The loop of the client's documentation: from the bytes of a response to the message with the result."""
    import ollama

    response = json.dumps({
        "model": "m", "created_at": "2026-01-01T00:00:00Z", "done": True, "done_reason": "stop",
        "message": {"role": "assistant", "content": "", "tool_calls": [
            {"function": {"name": "get_temperature", "arguments": ARGUMENTS}}]},
    }).encode()
    functions = {"get_temperature": get_temperature}

    def dispatch(parsed):
        messages = []
        for call in parsed.message.tool_calls or []:
            output = functions[call.function.name](**call.function.arguments)
            messages.append({"role": "tool", "tool_name": call.function.name, "content": output})
        return messages[0]["content"]

    # The client creates a response from its JSON in the same way.
    return lambda: dispatch(ollama.ChatResponse(**json.loads(response)))


def llm_tools():
    """The execution of a response's tool calls, without a model."""
    import llm

    class Silent(llm.Model):
        model_id = "silent"
        supports_tools = True

        def execute(self, prompt, stream, response, conversation):
            yield ""

    response = Silent().prompt("Temperature?", tools=[llm.Tool.function(get_temperature)], stream=False)
    response.text()
    calls = [llm.ToolCall(name="get_temperature", arguments=ARGUMENTS, tool_call_id="1")]
    return lambda: response.execute_tool_calls(tool_calls_list=calls)[0].output


def extism_plugin():
    """A WebAssembly function: from decoded arguments over JSON and back to a string."""
    import extism

    plugin = extism.Plugin({"wasm": [{"data": temperature_wasm()}]})
    return lambda: plugin.call("get_temperature", json.dumps(ARGUMENTS)).decode()


def temperature_wasm():
    """A module that returns 15C if byte 10 of its input is the L of {"city": "London"}, and Unknown otherwise."""

    # A length may take two bytes in this format, even a short one.
    def sized(content):
        return bytes([len(content) & 127 | 128, len(content) >> 7]) + content

    def vector(items):
        return bytes([len(items)]) + b"".join(items)

    def section(number, items):
        return bytes([number]) + sized(vector(items))

    def name(text):
        return bytes([len(text)]) + text.encode()

    def constant(opcode, value):
        # In LEB128, where 64 of a signed number is its sign.
        return opcode + (bytes([value]) if value < 64 else bytes([value & 127 | 128, value >> 7]))

    def i32(value):
        return constant(b"\x41", value)

    def i64(value):
        return constant(b"\x42", value)

    def call(function):
        return b"\x10" + bytes([function])

    def function_type(parameters, results):
        return b"\x60" + vector(parameters) + vector(results)

    int32, int64 = b"\x7f", b"\x7e"
    types = [function_type([int64], [int64]), function_type([int64], [int32]), function_type([int64, int32], []),
             function_type([int64, int64], []), function_type([], [int32])]
    imports = ["alloc", "input_load_u8", "store_u8", "output_set"]
    alloc, load, store, output = range(4)
    get, put, add, equal, begin_if, begin_else, end = b"\x20\0", b"\x21\0", b"\x7c", b"\x46", b"\x04\x40", b"\x05", b"\x0b"

    def reply(text):
        code = i64(len(text)) + call(alloc) + put
        for index, character in enumerate(text.encode()):
            code += get + i64(index) + add + i32(character) + call(store)
        return code + get + i64(len(text)) + call(output)

    body = vector([b"\x01" + int64]) + i64(10) + call(load) + i32(ord("L")) + equal \
        + begin_if + reply("15C") + begin_else + reply("Unknown") + end + i32(0) + end
    return b"\0asm\x01\0\0\0" + section(1, types) \
        + section(2, [name("extism:host/env") + name(text) + b"\0" + bytes([kind]) for kind, text in enumerate(imports)]) \
        + section(3, [b"\x04"]) + section(7, [name("get_temperature") + b"\0\x04"]) + section(10, [sized(body)])


def c_function(kind):
    """The C function strlen, with arguments from a dictionary."""
    if kind == "ctypes":
        library = ctypes.CDLL("libc.so.6")
        library.strlen.argtypes, library.strlen.restype = [ctypes.c_char_p], ctypes.c_size_t
        strlen = library.strlen
    else:
        import cffi

        interface = cffi.FFI()
        interface.cdef("size_t strlen(const char *text);")
        strlen = interface.dlopen("libc.so.6").strlen
    arguments = {"text": "New York"}
    return lambda: "15C" if strlen(arguments["text"].encode()) == 8 else "wrong"


class ModelContextProtocol:
    """A session of the official client with a server over stdio."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.requests = asyncio.Queue()
        self.task = self.loop.create_task(self.serve())
        self.loop.run_until_complete(self.run(1))

    async def serve(self):
        from mcp import ClientSession, StdioServerParameters
        from mcp.client.stdio import stdio_client

        server = os.path.join(os.path.dirname(__file__), "mcp_server.py")
        parameters = StdioServerParameters(command=sys.executable, args=[server])
        with open(os.devnull, "w") as log:
            async with stdio_client(parameters, errlog=log) as streams, ClientSession(*streams) as session:
                await session.initialize()
                while True:
                    count, reply = await self.requests.get()
                    start = time.perf_counter_ns()
                    for _ in range(count):
                        result = await session.call_tool("get_temperature", ARGUMENTS)
                    duration = time.perf_counter_ns() - start
                    assert result.content[0].text == "15C", result
                    reply.set_result(duration)

    async def run(self, count):
        reply = self.loop.create_future()
        await self.requests.put((count, reply))
        done, _ = await asyncio.wait([reply, self.task], return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()

    def __call__(self, count):
        return self.loop.run_until_complete(self.run(count))


def prepared(make):
    call = make()
    assert call() == "15C", call()
    return repeated(call)


# The name of the work, the package, and a function that prepares the work.
PEERS = [
    ("ollama", "ollama", lambda: prepared(ollama_client)),
    ("llm", "llm", lambda: prepared(llm_tools)),
    ("extism", "extism", lambda: prepared(extism_plugin)),
    ("mcp", "mcp", ModelContextProtocol),
    ("ctypes", None, lambda: prepared(lambda: c_function("ctypes"))),
    ("cffi", "cffi", lambda: prepared(lambda: c_function("cffi"))),
    ("function", None, lambda: prepared(lambda: lambda: get_temperature(**ARGUMENTS))),
]


def main():
    work, versions, missing = {}, {}, {}
    for name, package, make in PEERS:
        if package and not importlib.util.find_spec(package):
            missing[name] = f"the Python package {package} is not installed"
            continue
        try:
            work[name] = make()
        except Exception as error:
            missing[name] = f"it fails: {error!r}"
        else:
            versions[name] = f"{package} {importlib.metadata.version(package)}" if package else ""
    python = sys.version.split()[0]
    print(json.dumps({"python": python, "versions": versions, "missing": missing}), flush=True)
    # Like timeit: no garbage collection while a batch runs.
    gc.disable()
    for line in sys.stdin:
        name, count = line.split()
        duration = work[name](int(count))
        gc.collect()
        print(duration, flush=True)
    os._exit(0)


main()
