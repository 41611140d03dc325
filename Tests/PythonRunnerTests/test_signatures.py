"""The schemas of parameters, and the conversion of arguments."""

from __future__ import annotations

import json
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any

from signature_rows import HEADER, INTEGER, POINT, POINT_SCHEMA, ROWS, STRING, UNSET, Row, load
from support import Loaded, require


class SchemaTests(unittest.TestCase):
    """Each row of the table of signatures."""

    def rows(self) -> list[Row]:
        return [row for row in ROWS if sys.version_info >= row.since]

    def test_each_type_of_a_parameter_has_its_schema(self) -> None:
        for row in self.rows():
            with self.subTest(row=row.number, parameter=row.parameter):
                if row.package:
                    require(row.package)
                schema = load(row).tool().schema["parameters"]
                properties = {} if row.name == "none" else {row.name: row.schema}
                expected: dict[str, Any] = {"type": "object"}
                if row.is_required:
                    expected["required"] = [row.name]
                expected.update(properties=properties, additionalProperties=False)
                if row.definitions:
                    expected["$defs"] = row.definitions
                self.assertEqual(schema, expected)

    def test_each_argument_becomes_the_value_that_the_function_expects(self) -> None:
        for row in self.rows():
            if not row.becomes:
                continue
            with self.subTest(row=row.number, parameter=row.parameter):
                if row.package:
                    require(row.package)
                tool = load(row).tool()
                given = {} if row.given is UNSET else {row.name: row.given}
                positional, named = tool.signature.bind(given, None)
                self.assertEqual(repr(tool.function(*positional, **named)), row.becomes)

    def test_the_table_has_every_row(self) -> None:
        # Rows 42, 44, 57 and 62 are about more than one parameter, and have tests of their own below.
        self.assertEqual(set(range(1, 63)) - {row.number for row in ROWS}, {42, 44, 57, 62})

    def test_other_keyword_arguments_have_the_schema_of_their_type(self) -> None:
        tool = Loaded("def f(a: int, **options: str): return a, options").tool()
        self.assertEqual(
            tool.schema["parameters"],
            {"type": "object", "required": ["a"], "properties": {"a": INTEGER}, "additionalProperties": STRING},
        )
        self.assertEqual(tool.signature.bind({"a": 1, "b": "x"}, None), ([], {"a": 1, "b": "x"}))
        self.assertNotIn("additionalProperties", Loaded("def f(**o): pass").tool().schema["parameters"])

    def test_keyword_only_parameters_are_required_without_a_default(self) -> None:
        tool = Loaded("def f(*, a: int, b: int = 2): return a, b").tool()
        self.assertEqual(tool.schema["parameters"]["required"], ["a"])
        self.assertEqual(tool.schema["parameters"]["properties"]["b"], {**INTEGER, "default": 2})

    def test_a_type_without_a_form_in_json_makes_the_function_no_tool(self) -> None:
        rows = [
            ("cb: Callable", "Its parameter cb: Callable has no form in JSON."),
            ("cb: Callable[[int], str]", "Its parameter cb: Callable[[int], str] has no form in JSON."),
            ("file: io.IOBase", "Its parameter file: IOBase has no form in JSON."),
            ("thing: Thing", "Its parameter thing: Thing has no form in JSON."),
            ("things: list[Thing]", "Its parameter things: list[Thing] has no form in JSON."),
        ]
        for parameter, reason in rows:
            with self.subTest(parameter=parameter):
                loaded = Loaded(
                    "import io\nfrom typing import Callable\nclass Thing: pass\n__all__ = ['f']\n"
                    f"def f({parameter}): pass\n"
                )
                self.assertEqual(loaded.tool().fault, reason)

    def test_bound_methods_and_callable_objects_are_tools(self) -> None:
        loaded = Loaded('''
            class Service:
                def method(self, x: int) -> int:
                    """Double."""
                    return 2 * x
                def __call__(self, x: int) -> int:
                    """Treble."""
                    return 3 * x
            double = Service().method
            treble = Service()
            __all__ = ["double", "treble"]
            ''')
        for name, description, result in (("double", "Double.", 4), ("treble", "Treble.", 6)):
            tool = loaded.tool(name)
            self.assertEqual(tool.schema["description"], description)
            self.assertEqual(tool.schema["parameters"]["properties"], {"x": INTEGER})
            self.assertEqual(tool.function(2), result)

    def test_an_annotation_that_cannot_be_evaluated_is_named_in_a_warning(self) -> None:
        loaded = Loaded("def f(x: 'Missing'): pass")
        self.assertEqual(len(loaded.warnings), 1)
        self.assertIn("The type Missing of its parameter x cannot be evaluated (NameError", loaded.warnings[0])

    def test_positional_and_variadic_parameters_arrive_at_their_places(self) -> None:
        rows: list[tuple[str, dict[str, Any], str]] = [
            ("a, b=2, /, c=3, *rest, d=4, **more", {"a": 1}, "(1, 2, 3, (), 4, {})"),
            ("a, b=2, /, c=3, *rest, d=4, **more", {"a": 1, "rest": [8, 9]}, "(1, 2, 3, (8, 9), 4, {})"),
            ("a, b=2, /, c=3, *rest, d=4, **more", {"a": 1, "c": 5, "d": 6, "z": 7}, "(1, 2, 5, (), 6, {'z': 7})"),
        ]
        for parameters, given, expected in rows:
            with self.subTest(given=given):
                tool = Loaded(f"def f({parameters}): return a, b, c, rest, d, more").tool()
                positional, named = tool.signature.bind(given, None)
                self.assertEqual(repr(tool.function(*positional, **named)), expected)

    def test_a_typed_dictionary_describes_the_keyword_arguments(self) -> None:
        require("typing_extensions")
        tool = Loaded("""
            from typing_extensions import TypedDict, Unpack
            class Options(TypedDict, total=False):
                size: int
            def f(**options: Unpack[Options]): return options
            """).tool()
        self.assertEqual(
            tool.schema["parameters"],
            {"type": "object", "properties": {"size": INTEGER}, "additionalProperties": False},
        )
        self.assertEqual(tool.signature.bind({"size": 1}, None), ([], {"size": 1}))

    def test_a_class_that_is_used_twice_is_written_out_unless_the_schema_becomes_large(self) -> None:
        small = Loaded(f"{HEADER}{POINT}\ndef f(a: Point, b: Point): pass").tool().schema["parameters"]
        self.assertEqual(small["properties"], {"a": POINT_SCHEMA, "b": POINT_SCHEMA})
        chain = "@dataclass\nclass C0:\n    x: int\n" + "".join(
            f"@dataclass\nclass C{i}:\n    a: C{i - 1}\n    b: C{i - 1}\n" for i in range(1, 40)
        )
        large = Loaded(f"{HEADER}{chain}\ndef f(x: C39): pass").tool().schema["parameters"]
        self.assertLess(len(json.dumps(large)), 20_000)
        self.assertIn("$defs", large)

    def test_a_value_that_a_constructor_rejects_raises_its_error(self) -> None:
        tool = Loaded(f"""{HEADER}
@dataclass
class Even:
    n: int
    def __post_init__(self):
        if self.n % 2: raise ValueError("n is odd")
def f(x: Even): pass
""").tool()
        with self.assertRaisesRegex(ValueError, "n is odd"):
            tool.signature.bind({"x": {"n": 1}}, None)

    def test_a_value_that_does_not_fit_is_named_by_its_path(self) -> None:
        tool = Loaded(f"{HEADER}{POINT}\ndef f(points: list[Point]): pass").tool()
        with self.assertRaisesRegex(ValueError, r'points\[1\]\.x: expected a number, got "a"'):
            tool.signature.bind({"points": [{"x": 1}, {"x": "a"}]}, None)

    def test_schemas_do_not_depend_on_the_hash_seed(self) -> None:
        outputs = set()
        for seed in ("0", "1", "2"):
            outputs.add(
                subprocess.run(
                    [sys.executable, "-B", str(Path(__file__).with_name("print_schemas.py"))],
                    capture_output=True,
                    check=True,
                    env={"PYTHONHASHSEED": seed},
                    text=True,
                ).stdout
            )
        self.assertEqual(len(outputs), 1)
        self.assertIn('"enum"', outputs.pop())


if __name__ == "__main__":
    unittest.main()
