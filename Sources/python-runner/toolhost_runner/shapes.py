"""Shapes of JSON values: each has a JSON Schema, and converts a JSON value to what a function expects."""

from __future__ import annotations

import math
from typing import Any, Callable, Optional

from .definitions import Definitions, Schema
from .kinds import is_decimal


class Mismatch(ValueError):
    """A JSON value that does not fit a shape."""

    def __init__(self, expected: str, value: Any, path: str = "") -> None:
        self.expected, self.value, self.path = expected, value, path
        super().__init__(f"{path or 'the value'}: expected {expected}, got {brief(value)}")

    def within(self, name: str) -> Mismatch:
        """Returns the same error, for a value inside the member or element with a name."""
        separator = "" if not self.path or self.path.startswith("[") else "."
        return Mismatch(self.expected, self.value, f"{name}{separator}{self.path}")


class NoForm(Exception):
    """A Python type or value without a form in JSON."""


def brief(value: Any) -> str:
    """Returns a short description of a JSON value."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    if isinstance(value, str):
        text = f'"{value}"'
    elif value is None or isinstance(value, bool):
        text = {None: "null", True: "true", False: "false"}[value]
    else:
        text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def plain(value: Any) -> Any:
    """Returns a JSON value with floats in the place of exact numbers."""
    if is_decimal(value):
        return float(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def encoded(value: Any) -> Any:
    """Returns a literal as a JSON value.

    Raises:
        NoForm: A part of it has no form in JSON.
    """
    if value is None or isinstance(value, (bool, str)) or type(value) is int:
        return value
    if type(value) is float and math.isfinite(value):
        return value
    if type(value) in (list, tuple):
        return [encoded(item) for item in value]
    if type(value) is dict and all(type(key) is str for key in value):
        return {key: encoded(item) for key, item in value.items()}
    raise NoForm(type(value).__name__)


def is_number(value: Any) -> bool:
    """Returns true for a JSON number."""
    return not isinstance(value, bool) and (isinstance(value, (int, float)) or is_decimal(value))


class Shape:
    """The shape of a JSON value. This one is the shape of any value."""

    #: True if numbers must keep all their digits.
    is_exact = False

    def schema(self, definitions: Definitions) -> Schema:
        """Returns the JSON Schema. Classes are referred to in the definitions."""
        return {}

    def convert(self, value: Any) -> Any:
        """Returns the Python value of a JSON value.

        Raises:
            Exception: The value does not fit, or a constructor of the plugin rejects it.
        """
        return plain(value)

    def encode(self, value: Any) -> Any:
        """Returns a default as a JSON value.

        Raises:
            NoForm: It has no form in JSON.
        """
        return encoded(value)


class Scalar(Shape):
    """A string, an integer, a number, a Boolean value or null."""

    _types = {"string": str, "boolean": bool, "null": type(None)}
    _phrases = {
        "string": "a string",
        "integer": "an integer",
        "number": "a number",
        "boolean": "true or false",
        "null": "null",
    }

    def __init__(self, kind: str, make: Optional[Callable[[Any], Any]] = None) -> None:
        self.kind, self._make = kind, make

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": self.kind}

    def convert(self, value: Any) -> Any:
        result = self._base_value(value)
        return self._make(result) if self._make else result

    def is_exactly(self, value: Any) -> bool:
        """Returns true if a number or a Boolean value has this very type."""
        if isinstance(value, bool):
            return self.kind == "boolean"
        if isinstance(value, int):
            return self.kind == "integer"
        return (isinstance(value, float) or is_decimal(value)) and self.kind == "number"

    def _base_value(self, value: Any) -> Any:
        expected = self._types.get(self.kind)
        if expected is not None:
            if isinstance(value, expected):
                return value
        elif is_number(value):
            if self.kind == "number":
                return float(value)
            if isinstance(value, int):
                return value
            if value == value // 1:
                return int(value)
        raise Mismatch(self._phrases[self.kind], value)


class Text(Shape):
    """A value that has the form of a string in JSON, such as a date."""

    def __init__(self, parse: Callable[[str], Any], **keywords: Any) -> None:
        self._parse, self._keywords = parse, keywords

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "string", **self._keywords}

    def convert(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise Mismatch("a string", value)
        return self._parse(value)

    def encode(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        raise NoForm(type(value).__name__)


def decoded(text: str) -> bytes:
    """Returns the bytes of a Base64 string."""
    import base64  # Seldom needed, as is the next.
    import binascii

    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise Mismatch("Base64", text) from None


class Number(Shape):
    """A value that has the form of a number in JSON: a decimal number or a duration."""

    def __init__(self, make: Callable[[Any], Any], is_exact: bool = False, **keywords: Any) -> None:
        self._make, self.is_exact, self._keywords = make, is_exact, keywords

    def schema(self, definitions: Definitions) -> Schema:
        return {"type": "number", **self._keywords}

    def convert(self, value: Any) -> Any:
        if not is_number(value):
            raise Mismatch("a number", value)
        return self._make(value)

    def encode(self, value: Any) -> Any:
        if type(value) in (int, float):
            return encoded(value)
        raise NoForm(type(value).__name__)


class Choice(Shape):
    """One of a list of values: a literal type or an enumeration."""

    def __init__(self, pairs: list[tuple[Any, Any]]) -> None:
        """Creates a shape from pairs of a JSON value and its Python value."""
        if not pairs:
            raise NoForm("an enumeration without members")
        self.pairs = pairs

    def schema(self, definitions: Definitions) -> Schema:
        values = [value for value, _ in self.pairs]
        kinds = {kind_of(value) for value in values}
        return {"type": kinds.pop(), "enum": values} if len(kinds) == 1 else {"enum": values}

    def convert(self, value: Any) -> Any:
        if is_decimal(value):
            value = int(value) if value == value // 1 else float(value)
        for candidate, result in self.pairs:
            # In Python, 1 == True; in JSON they differ.
            if candidate == value and isinstance(candidate, bool) == isinstance(value, bool):
                return result
        raise Mismatch("one of " + ", ".join(brief(candidate) for candidate, _ in self.pairs[:20]), value)

    def encode(self, value: Any) -> Any:
        for candidate, result in self.pairs:
            if result is value or type(result) is type(value) and result == value:
                return candidate
        raise NoForm(type(value).__name__)


def kind_of(value: Any) -> str:
    """Returns the type of a JSON value in the words of JSON Schema."""
    if value is None:
        return "null"
    for kind, types in (("boolean", bool), ("string", str), ("integer", int), ("number", float), ("array", list)):
        if isinstance(value, types):
            return kind
    return "object"


class Union(Shape):
    """A value of one of several shapes."""

    def __init__(self, members: list[Shape]) -> None:
        self.members = members
        self.is_exact = any(member.is_exact for member in members)

    def schema(self, definitions: Definitions) -> Schema:
        schemas: list[Schema] = []
        for member in self.members:
            schema = member.schema(definitions)
            if not schema:
                return {}
            if schema not in schemas:
                schemas.append(schema)
        if len(schemas) == 1:
            return schemas[0]
        if all(set(schema) == {"type"} and isinstance(schema["type"], str) for schema in schemas):
            return {"type": [schema["type"] for schema in schemas]}
        others = [schema for schema in schemas if schema != {"type": "null"}]
        if len(others) == 1:
            return nullable(others[0])
        return {"anyOf": schemas}

    def convert(self, value: Any) -> Any:
        for member in self.members:
            if isinstance(member, Scalar) and member.is_exactly(value):
                return member.convert(value)
        error: Exception = Mismatch("another type", value)
        is_known = False
        for member in self.members:
            if isinstance(member, Scalar) and member.kind == "null" and value is not None:
                continue
            try:
                return member.convert(value)
            except Exception as failure:  # A constructor of the plugin may raise anything.
                # The first error inside the value tells more than that the value has another type.
                if not is_known:
                    error = failure
                is_known = not isinstance(failure, Mismatch) or bool(failure.path)
        raise error

    def encode(self, value: Any) -> Any:
        for member in self.members:
            try:
                return member.encode(value)
            except NoForm:
                continue
        raise NoForm(type(value).__name__)


def nullable(schema: Schema) -> Schema:
    """Returns the schema of a value that may be null as well."""
    kind = schema.get("type")
    if isinstance(kind, list) and "enum" not in schema:
        return {**schema, "type": [*kind, "null"]}
    if not isinstance(kind, str) or kind == "object" or "$ref" in schema:
        if set(schema) == {"enum"}:
            return schema if None in schema["enum"] else {"enum": [*schema["enum"], None]}
        return {"anyOf": [schema, {"type": "null"}]}
    # The other keywords apply to values of their own type only.
    result: Schema = {**schema, "type": [kind, "null"]}
    if "enum" in schema:
        result["enum"] = [*schema["enum"], None]
    return result
