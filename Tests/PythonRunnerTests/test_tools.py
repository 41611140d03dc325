"""The choice of the functions and objects of a module that become tools."""

from __future__ import annotations

import unittest
from typing import Any, Optional

from support import Loaded, LoadError, PluginFiles

SEED = '''
def get_temperature(city: str) -> str:
    """Get the current temperature for a city

    Args:
        city: The name of the city

    Returns:
        The current temperature for the city
    """
    return {"New York": "22C", "London": "15C"}.get(city, "Unknown")

def get_conditions(city: str) -> str:
    """Get the current weather conditions for a city"""
    return "Rainy"

def add(a: int, b: int) -> int:
    """Add two numbers"""
    return a + b

def multiply(a: int, b: int) -> int:
    """Multiply two numbers"""
    return a * b
'''

#: A title, the text of a module, the names of its tools, and the reasons why others are none.
ROWS: list[tuple[str, str, list[str], list[str]]] = [
    ("plain functions are tools", SEED, ["get_temperature", "get_conditions", "add", "multiply"], []),
    (
        "private names and imports are none",
        "from os.path import join\nimport os\nLIMIT = 3\ndef _g(): pass\ndef f(): pass",
        ["f"],
        [],
    ),
    (
        "async functions and generators are tools",
        "async def f(): pass\ndef g(): yield 1\nasync def h(): yield 1",
        ["f", "g", "h"],
        [],
    ),
    ("a second name of a function is none", "def f(): pass\ng = f", ["f"], []),
    ("a function that is defined twice is the last one", "def f(): pass\ndef f(a): pass", ["f"], []),
    (
        "__all__ limits and orders",
        "from os.path import join\ndef f(): pass\ndef g(): pass\ndef _h(): pass\n__all__ = ['_h', 'f', 'join']",
        ["_h", "f", "join"],
        [],
    ),
    (
        "__all__ may name what does not exist",
        "def f(): pass\n__all__ = ['f', 'g']",
        ["f"],
        ["__all__ names g, which the module does not have."],
    ),
    (
        "a decorator with functools.wraps keeps the signature",
        "import functools\ndef log(f):\n    @functools.wraps(f)\n    def inner(*a, **k): return f(*a, **k)\n    return inner\n"
        "@log\ndef f(a: int): pass\n_x = log\ndel log",
        ["f"],
        [],
    ),
    (
        "functools.lru_cache keeps the function a tool",
        "import functools\n@functools.lru_cache\ndef f(a: int): pass",
        ["f"],
        [],
    ),
    (
        "a decorator that loses the function is reported",
        "from contextlib import contextmanager\nimport contextlib\n"
        "class _Lost:\n    def __call__(self): pass\ndef _lose(f): return _Lost()\n@_lose\ndef f(): pass\ndef g(): pass",
        ["g"],
        ["F was replaced by its decorator, which does not use functools.wraps: name it in __all__."],
    ),
    ("lambdas are tools", "double = lambda x: 2 * x", ["double"], []),
    (
        "a parameter without a form in JSON is reported",
        "from typing import Callable\ndef f(cb: Callable): pass\ndef g(): pass",
        ["g"],
        ["Its parameter cb: Callable has no form in JSON."],
    ),
    (
        "a parameter without a form in JSON is left out if it has a default",
        "from typing import Callable\ndef f(a: int, cb: Callable = print): pass",
        ["f"],
        [],
    ),
    (
        "a name that models cannot use is reported",
        "def größe(): pass\ndef f(): pass",
        ["f"],
        ["Its name größe must be a letter or underscore, then at most 63 letters, digits and underscores."],
    ),
    (
        "a class with execute is made",
        "class WebSearchTool:\n    def execute(self, query: str): pass",
        ["WebSearchTool"],
        [],
    ),
    (
        "a base class, an abstract one and a protocol are none",
        "import abc, typing\nclass BaseTool:\n    def execute(self): pass\nclass A(abc.ABC):\n    @abc.abstractmethod\n"
        "    def execute(self): pass\nclass P(typing.Protocol):\n    def execute(self): ...\ndef f(): pass",
        ["f"],
        [],
    ),
    (
        "a class that needs arguments is reported",
        "class T:\n    def __init__(self, agent, limit=3): pass\n    def execute(self): pass\ndef f(): pass",
        ["f"],
        ["Its class T needs agent: make an object of it, and give that a name in the file."],
    ),
    (
        "a class whose constructor fails is reported",
        "class T:\n    def __init__(self): raise ValueError('no agent')\n    def execute(self): pass\ndef f(): pass",
        ["f"],
        ["Its class T cannot be made: ValueError: no agent."],
    ),
    (
        "an object of a class takes its place",
        "class T:\n    def __init__(self, a=1): pass\n    def execute(self): pass\nt = T(2)",
        ["T"],
        [],
    ),
    (
        "a connection of a database is none",
        "import sqlite3\ndb = sqlite3.connect(':memory:')\ndef f(): pass",
        ["f"],
        [],
    ),
    ("a module without tools has none", "x = 1", [], []),
]


class ToolTests(unittest.TestCase):
    def test_each_kind_of_name_is_a_tool_or_is_not(self) -> None:
        for title, source, names, faults in ROWS:
            with self.subTest(title=title):
                loaded = Loaded(source)
                self.assertEqual(loaded.names(), names)
                self.assertEqual([tool.fault for tool in loaded.tools if tool.fault], faults)

    def test_the_schema_of_the_first_example_is_exact(self) -> None:
        schema = dict(Loaded(SEED).tool("get_temperature").schema)
        parameters = dict(schema["parameters"])
        self.assertIs(parameters.pop("additionalProperties"), False)
        self.assertEqual(list(parameters), ["type", "required", "properties"])
        self.assertEqual(
            {**schema, "parameters": parameters},
            {
                "name": "get_temperature",
                "description": "Get the current temperature for a city",
                "parameters": {
                    "type": "object",
                    "required": ["city"],
                    "properties": {"city": {"type": "string", "description": "The name of the city"}},
                },
            },
        )

    def test_a_decorated_function_keeps_its_parameters_and_defaults(self) -> None:
        tool = Loaded("""
            import functools
            def log(f):
                @functools.wraps(f)
                def inner(*a, **k): return f(*a, **k)
                return inner
            @log
            def f(a: int = 5): return a
            """).tool()
        self.assertEqual(tool.schema["parameters"]["properties"], {"a": {"type": "integer", "default": 5}})

    def test_a_computed_default_is_not_shown(self) -> None:
        tool = Loaded("import random\ndef f(a: int = random.getrandbits(64), b: int = 1 - 2, c: int = -3): pass").tool()
        self.assertEqual(
            tool.schema["parameters"]["properties"],
            {"a": {"type": "integer"}, "b": {"type": "integer"}, "c": {"type": "integer", "default": -3}},
        )

    def test_what_only_the_host_reads_comes_from_the_function_and_the_block(self) -> None:
        rows: list[tuple[dict[str, Any], str, Optional[dict[str, Any]], bool]] = [
            ({}, "def f(): pass", None, False),
            ({}, "async def f(): pass", None, True),
            ({"is_concurrent": True, "timeout": 20.0}, "def f(): pass", {"timeout": 20.0}, True),
            (
                {"is_concurrent": True, "timeout": 20.0},
                "def f(): pass\nf.toolhost = {'timeout': 5, 'concurrent': False, 'annotations': {'readOnly': True}}",
                {"timeout": 5, "annotations": {"readOnly": True}},
                False,
            ),
            ({}, "def f(): pass\nf.toolhost = {'concurrent': True}", None, True),
        ]
        for settings, source, own, is_concurrent in rows:
            with self.subTest(source=source, settings=settings):
                tool = Loaded(source, **settings).tool()
                self.assertEqual(tool.schema.get("toolhost"), own)
                self.assertEqual(tool.is_concurrent, is_concurrent)

    def test_a_parameter_for_the_context_is_not_offered(self) -> None:
        for annotation in (
            '"ToolContext"',
            '"Optional[ToolContext]" = None',
            '"ToolContext | None" = None',
            "Optional['ToolContext'] = None",
            '"toolhost.ToolContext"',
            "ToolContext",
        ):
            with self.subTest(annotation=annotation):
                tool = Loaded(
                    "from typing import Optional\nclass ToolContext: pass\n__all__ = ['f']\n"
                    f"def f(a: int, context: {annotation}): return context"
                ).tool()
                self.assertEqual(list(tool.schema["parameters"]["properties"]), ["a"])
                self.assertEqual(tool.signature.bind({"a": 1}, "it"), ([], {"a": 1, "context": "it"}))


class ObjectTests(unittest.TestCase):
    """Objects with ``execute``."""

    EMPTY = {"type": "object", "properties": {}, "additionalProperties": False}

    def test_each_form_of_get_schema_is_read(self) -> None:
        parameters = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
        rows: list[tuple[str, str, str, dict[str, Any]]] = [
            ("{'name': 'find', 'description': 'Find it.', 'parameters': P}", "find", "Find it.", parameters),
            (
                "{'type': 'function', 'function': {'name': 'find', 'description': 'Find it.', 'parameters': P}}",
                "find",
                "Find it.",
                parameters,
            ),
            ("{'name': 'find', 'description': 'Find it.', 'input_schema': P}", "find", "Find it.", parameters),
            (
                "{'name': 'find', 'description': 'Find it.', 'parameters': P['properties']}",
                "find",
                "Find it.",
                {"type": "object", "properties": {"q": {"type": "string"}}},
            ),
            (
                "{'name': 'find', 'parameters': {'q': {'type': 'string', 'required': True}}}",
                "find",
                "Finds things.",
                {"type": "object", "required": ["q"], "properties": {"q": {"type": "string"}}},
            ),
            ("{'name': 'find', 'parameters': {}}", "find", "Finds things.", {"type": "object", "properties": {}}),
            (
                "{}",
                "FinderTool",
                "Finds things.",
                {
                    "type": "object",
                    "required": ["q"],
                    "properties": {"q": {"type": "string"}},
                    "additionalProperties": False,
                },
            ),
        ]
        for given, name, description, expected in rows:
            with self.subTest(given=given):
                tool = Loaded(f'''
                    P = {parameters!r}
                    class FinderTool:
                        """Finds things."""
                        def get_schema(self): return {given}
                        async def execute(self, q: str): return q
                    ''').tools[0]
                self.assertEqual(
                    tool.schema, {"name": name, "description": description, "parameters": expected}, tool.fault
                )
                self.assertTrue(tool.is_async and tool.is_concurrent and tool.is_object)

    def test_an_object_without_get_schema_has_the_signature_of_execute(self) -> None:
        tool = Loaded("""
            class Base:
                pass
            class NotesTool(Base):
                def execute(self, title: str, **more): "Take a note."
            notes = NotesTool()
            """).tools[0]
        self.assertEqual(
            tool.schema,
            {
                "name": "NotesTool",
                "description": "Take a note.",
                "parameters": {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}},
            },
        )

    def test_an_object_of_an_imported_class_is_a_tool_if_all_names_it(self) -> None:
        loaded = Loaded(
            "from helper_of_objects import T\nt = T()\n__all__ = ['t']",
            {"helper_of_objects.py": "class T:\n    def execute(self): pass"},
        )
        self.assertEqual(loaded.names(), ["T"])

    def test_a_get_schema_that_fails_is_reported(self) -> None:
        rows = [
            ("raise ValueError('no')", "Its get_schema failed: ValueError: no."),
            ("return 5", "Its get_schema gives int instead of a dictionary."),
            ("return {'name': 5}", 'Its get_schema gives a "name" that is not a string.'),
            (
                "return {'name': 'a b'}",
                "Its name a b must be a letter or underscore, then at most 63 letters, digits and underscores.",
            ),
            ("return {'name': 'a', 'parameters': []}", "Its get_schema gives parameters that are not an object."),
        ]
        for body, fault in rows:
            with self.subTest(body=body):
                loaded = Loaded(f"class T:\n    def get_schema(self): {body}\n    def execute(self): pass")
                self.assertEqual([tool.fault for tool in loaded.tools], [fault])


class LoadingTests(unittest.TestCase):
    """Modules that load and modules that do not."""

    def test_each_file_that_cannot_be_loaded_has_its_reason(self) -> None:
        rows: list[tuple[str, bytes, str]] = [
            ("syntax", b"x = 1\ndef f(:\n", "It is not valid Python: invalid syntax (line 2)."),
            ("not UTF-8", b"x = 1\ny = '\xff'\n", "It is not UTF-8: line 2."),
            (
                "an exception",
                b"\nraise ValueError('no')\n",
                "It failed while it was loaded, in line 2: ValueError: no.",
            ),
            (
                "an exit",
                b"import sys\nsys.exit(3)\n",
                "It ended itself with 3 while it was loaded, in line 2. If the file is "
                'also a program, put what it runs under `if __name__ == "__main__":`.',
            ),
            (
                "a missing package",
                b"import nobody_has_this.one\n",
                "It needs the package nobody_has_this, which /opt/python does not have.",
            ),
            (
                "a name that is made",
                b"__import__('hid' + 'den')\n",
                "It imports hidden by a name that is made at run time, in "
                "line 1; only modules that the file names in an import statement can be imported.",
            ),
            (
                "recursion",
                b"def f(): f()\nf()\n",
                "It failed while it was loaded, in line 1: RecursionError: maximum recursion depth exceeded.",
            ),
            (
                "no input",
                b"open('/nowhere/x')\n",
                "It failed while it was loaded, in line 1: FileNotFoundError: [Errno 2] No "
                "such file or directory: '/nowhere/x'. If the file is also a program, put what it runs under `if __name__ == "
                '"__main__":`.',
            ),
        ]
        for title, content, message in rows:
            with self.subTest(title=title):
                files = (
                    PluginFiles([("/plugins/broken.py", content)], ["hidden"], "/opt/python")
                    if title != "not UTF-8"
                    else None
                )
                with self.assertRaises(LoadError) as caught:
                    (files or PluginFiles([("/plugins/broken.py", content)])).load()
                self.assertEqual(caught.exception.message.replace(" while calling a Python object", ""), message)

    def test_local_modules_and_packages_are_imported_from_the_files_alone(self) -> None:
        loaded = Loaded(
            "import _helpers_a, pack_a.inner\nfrom pack_a import two\ndef f(): return _helpers_a.one() + two + pack_a.inner.three",
            {"_helpers_a.py": "def one(): return 1", "pack_a/__init__.py": "two = 2", "pack_a/inner.py": "three = 3"},
        )
        self.assertEqual(loaded.tool().function(), 6)
        self.assertEqual(loaded.names(), ["f"])

    def test_a_file_does_not_take_the_place_of_a_standard_module(self) -> None:
        loaded = Loaded("import json\ndef f(): return json.dumps([1])", {"json.py": "raise ValueError"})
        self.assertEqual(loaded.tool().function(), "[1]")
        files = PluginFiles([("/plugins/json.py", b"import json\ndef f(): return json.dumps([1])")])
        self.assertEqual(files.name, "json_plugin")

    def test_tracebacks_and_inspect_show_lines_of_files_that_cannot_be_opened(self) -> None:
        import inspect

        self.assertEqual(
            inspect.getsource(Loaded("x = 1\ndef f():\n    return 1\n").tool().function), "def f():\n    return 1\n"
        )


if __name__ == "__main__":
    unittest.main()
