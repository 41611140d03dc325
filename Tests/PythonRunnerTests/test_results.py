"""The results of calls through a real process."""

from __future__ import annotations

import unittest

from harness import INVALID_ARGUMENTS, OK, Host
from support import require

JSON, TEXT, BINARY = "application/json", "text/plain; charset=utf-8", "application/octet-stream"
PNG = b"\x89PNG\r\n\x1a\n...."

RESULTS = r"""
import array, asyncio, collections, dataclasses, datetime, decimal, enum, inspect, pathlib, typing, uuid

PNG = b"\x89PNG\r\n\x1a\n...."

class Unit(enum.Enum):
    C = "celsius"

@dataclasses.dataclass
class Point:
    x: int
    when: datetime.date = datetime.date(2024, 1, 2)

class Pair(typing.NamedTuple):
    a: int
    b: int

class Picture:
    def _repr_png_(self): return PNG

class Plain:
    def __str__(self): return "a plain object"

class Broken:
    def __str__(self): raise ValueError("no text")

class Index(dict):
    pass

def itself():
    a = [1]
    a.append(a)
    return a

def generate():
    yield "a"
    yield "b\n"
    yield {"c": 1}
    yield 2

def returns():
    return 5
    yield

def empty():
    yield from ()

async def generate_later():
    for text in "xyz":
        await asyncio.sleep(0)
        yield text

async def later():
    await asyncio.sleep(0)
    return {"later": True}

VALUES = {
    "text": lambda: "hé",
    "surrogate": lambda: "a\ud800b",
    "none": lambda: None,
    "integer": lambda: 5,
    "large": lambda: 2 ** 80,
    "float": lambda: 1.5,
    "boolean": lambda: True,
    "list": lambda: [1, "é", None],
    "empty list": lambda: [],
    "dict": lambda: {"a": {1: True, None: 2}},
    "dataclass": lambda: Point(1),
    "named tuple": lambda: Pair(1, 2),
    "set": lambda: {3, 1, 2},
    "mixed set": lambda: {"b", "a"},
    "date": lambda: datetime.date(2024, 1, 2),
    "datetime": lambda: [datetime.datetime(2024, 1, 2, 3, 4)],
    "duration": lambda: datetime.timedelta(seconds=90),
    "decimal": lambda: {"price": decimal.Decimal("1.10"), "list": [decimal.Decimal("2")]},
    "enum": lambda: Unit.C,
    "array": lambda: array.array("i", [1, 2]),
    "keys": lambda: {"a": 1}.keys(),
    "range": lambda: range(3),
    "deque": lambda: collections.deque([1]),
    "subclass": lambda: Index(a=1),
    "text in it": lambda: {"id": uuid.UUID(int=1), "path": pathlib.Path("/a"), "object": Plain(), "bytes": b"hi"},
    "nan": lambda: float("nan"),
    "nan in it": lambda: [1, float("inf")],
    "object": lambda: Plain(),
    "path": lambda: pathlib.Path("/a/b"),
    "broken": lambda: Broken(),
    "itself": itself,
    "png": lambda: PNG,
    "jpeg": lambda: b"\xff\xd8\xff\xe0..",
    "gif": lambda: b"GIF89a..",
    "webp": lambda: b"RIFF\0\0\0\0WEBPVP8 ",
    "repr": lambda: Picture(),
    "utf-8": lambda: "é".encode(),
    "bytes": lambda: b"\xff\xfe",
    "pictures": lambda: [PNG, bytearray(PNG), Picture()],
    "generator": generate,
    "generator with a result": returns,
    "empty generator": empty,
    "async generator": generate_later,
    "awaitable": later,
}

def give(name: str):
    return VALUES[name]()

async def give_async(name: str):
    value = VALUES[name]()
    return await value if inspect.iscoroutine(value) else value

def stream():
    yield "first"
    yield PNG
    yield PNG

async def stream_async():
    yield "first"
    await asyncio.sleep(0)
    yield "second"
"""

#: The name of a value, and the parts that the model gets.
ROWS: list[tuple[str, list[tuple[str, bytes]]]] = [
    ("text", [(TEXT, "hé".encode())]),
    ("surrogate", [(TEXT, b"a?b")]),
    ("none", [(TEXT, b"Done.")]),
    ("integer", [(JSON, b"5")]),
    ("large", [(JSON, b"1208925819614629174706176")]),
    ("float", [(JSON, b"1.5")]),
    ("boolean", [(JSON, b"true")]),
    ("list", [(JSON, '[1, "é", null]'.encode())]),
    ("empty list", [(JSON, b"[]")]),
    ("dict", [(JSON, b'{"a": {"1": true, "null": 2}}')]),
    ("dataclass", [(JSON, b'{"x": 1, "when": "2024-01-02"}')]),
    ("named tuple", [(JSON, b'{"a": 1, "b": 2}')]),
    ("set", [(JSON, b"[1, 2, 3]")]),
    ("mixed set", [(JSON, b'["a", "b"]')]),
    ("date", [(JSON, b'"2024-01-02"')]),
    ("datetime", [(JSON, b'["2024-01-02T03:04:00"]')]),
    ("duration", [(JSON, b"90.0")]),
    ("decimal", [(JSON, b'{"price": 1.10, "list": [2]}')]),
    ("enum", [(JSON, b'"celsius"')]),
    ("array", [(JSON, b"[1, 2]")]),
    ("keys", [(JSON, b'["a"]')]),
    ("range", [(JSON, b"[0, 1, 2]")]),
    ("deque", [(JSON, b"[1]")]),
    ("subclass", [(JSON, b'{"a": 1}')]),
    (
        "text in it",
        [
            (
                JSON,
                b'{"id": "00000000-0000-0000-0000-000000000001", "path": "/a", "object": "a plain object", '
                b'"bytes": "hi"}',
            )
        ],
    ),
    ("nan", [(TEXT, b"nan")]),
    ("nan in it", [(TEXT, b"[1, inf]")]),
    ("object", [(TEXT, b"a plain object")]),
    ("path", [(TEXT, b"/a/b")]),
    ("broken", [(TEXT, b"<Broken whose text cannot be made: ValueError>")]),
    ("itself", [(JSON, b'[1, "[1, [...]]"]')]),
    ("png", [("image/png", PNG)]),
    ("jpeg", [("image/jpeg", b"\xff\xd8\xff\xe0..")]),
    ("gif", [("image/gif", b"GIF89a..")]),
    ("webp", [("image/webp", b"RIFF\0\0\0\0WEBPVP8 ")]),
    ("repr", [("image/png", PNG)]),
    ("utf-8", [(TEXT, "é".encode())]),
    ("bytes", [(BINARY, b"\xff\xfe")]),
    ("pictures", [("image/png", PNG)] * 3),
    ("generator", [(TEXT, b'ab\n{"c": 1}\n2\n')]),
    ("generator with a result", [(JSON, b"5")]),
    ("empty generator", [(TEXT, b"Done.")]),
    ("async generator", [(TEXT, b"xyz")]),
    ("awaitable", [(JSON, b'{"later": true}')]),
]


class ResultTests(unittest.TestCase):
    def test_each_value_becomes_the_parts_that_the_model_gets(self) -> None:
        with Host(RESULTS) as host:
            for name, parts in ROWS:
                for tool in ("give", "give_async"):
                    with self.subTest(name=name, tool=tool):
                        result = host.call(tool, name=name)
                        self.assertEqual((result.parts, result.status), (parts, OK))

    def test_a_generator_sends_its_items_as_they_come(self) -> None:
        with Host("""
            import threading
            go = threading.Event()
            def stream():
                yield "first"
                go.wait()
                yield "second"
            async def release():
                go.set()
            """) as host:
            call = host.start("stream")
            # The second item waits for another call, so the first one has come before it.
            host.wait_for(lambda: host.results[call].parts)
            self.assertEqual(host.results[call].text, "first")
            host.call("release")
            self.assertEqual(host.wait(call).text, "firstsecond")
        with Host(RESULTS) as host:
            self.assertEqual(host.call("stream").parts, [(TEXT, b"first"), ("image/png", PNG), ("image/png", PNG)])
            self.assertEqual(host.call("stream_async").text, "firstsecond")

    def test_models_of_other_packages_become_json(self) -> None:
        require("pydantic"), require("attr"), require("msgspec")
        with Host("""
            import attr, msgspec, pydantic
            class User(pydantic.BaseModel):
                name: str
            @attr.define
            class Item:
                name: str
            class Struct(msgspec.Struct):
                name: str
            def models():
                return [User(name="a"), Item(name="b"), Struct(name="c")]
            def save(user: User):
                return user
            """) as host:
            self.assertEqual(host.call("models").value, [{"name": "a"}, {"name": "b"}, {"name": "c"}])
            self.assertEqual(host.call("save", user={"name": "a"}).value, {"name": "a"})
            result = host.call("save", user={"name": 5})
            self.assertEqual(result.status, INVALID_ARGUMENTS)
            self.assertIn("Input should be a valid string", result.text)
            self.assertNotIn("https://", result.text)

    def test_a_result_beyond_the_limit_is_cut_and_says_so(self) -> None:
        with Host("""
            def text(n: int): return "é" * n
            def value(n: int): return ["x"] * n
            def picture(n: int): return b"\\x89PNG\\r\\n\\x1a\\n" + bytes(n)
            def stream(n: int):
                for _ in range(n): yield "0123456789"
            def endless(n: int):
                while True: yield "0123456789"
            async def endless_later(n: int):
                while True: yield "0123456789"
            """) as host:
            rows = [
                ("text", 500, 1000, [(TEXT, "é".encode() * 500)], False),
                ("text", 501, 1001, [(TEXT, "é".encode() * 500)], True),
                ("value", 400, 1000, [(TEXT, (b'["x"' + b', "x"' * 399)[:1000])], True),
                ("picture", 1000, 1000, [], True),
                ("stream", 101, 1000, [(TEXT, b"0123456789" * 100)], True),
                ("endless", 1, 1000, [(TEXT, b"0123456789" * 100)], True),
                ("endless_later", 1, 1000, [(TEXT, b"0123456789" * 100)], True),
            ]
            for tool, n, limit, parts, is_truncated in rows:
                with self.subTest(tool=tool, n=n):
                    result = host.wait(host.start(tool, limit, n=n))
                    self.assertEqual((result.parts, result.is_truncated, result.status), (parts, is_truncated, OK))

    def test_large_arguments_and_results_take_several_frames(self) -> None:
        with Host("def echo(text: str): return text") as host:
            text = "0123456789abcdef" * (1 << 16)
            self.assertEqual(host.call("echo", text=text).text, text)


if __name__ == "__main__":
    unittest.main()
