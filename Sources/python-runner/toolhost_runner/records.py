"""Shapes of JSON objects and arrays: containers, and classes with fields."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Callable, Optional

from .definitions import Definitions, Schema
from .shapes import Mismatch, NoForm, Shape


class Array(Shape):
    """An array of elements of one shape."""

    def __init__(self, element: Shape, make: Callable[[list[Any]], Any], **keywords: Any) -> None:
        self.element, self._make, self._keywords = element, make, keywords
        self.is_exact = element.is_exact

    def schema(self, definitions: Definitions) -> Schema:
        element = self.element.schema(definitions)
        return {"type": "array", **({"items": element} if element else {}), **self._keywords}

    def convert(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise Mismatch("an array", value)
        return self._make(elements(value, [self.element] * len(value)))


class Row(Shape):
    """An array of a fixed number of elements, each of its own shape."""

    def __init__(self, members: list[Shape]) -> None:
        self.members = members
        self.is_exact = any(member.is_exact for member in members)

    def schema(self, definitions: Definitions) -> Schema:
        schemas = [member.schema(definitions) for member in self.members]
        size: Schema = {"minItems": len(schemas), "maxItems": len(schemas)}
        if not schemas:
            return {"type": "array", "maxItems": 0}
        if all(schema == schemas[0] for schema in schemas):
            return {"type": "array", **({"items": schemas[0]} if schemas[0] else {}), **size}
        return {"type": "array", "prefixItems": schemas, **size}

    def convert(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(self.members):
            raise Mismatch(f"an array of {len(self.members)} elements", value)
        return tuple(elements(value, self.members))


def elements(values: list[Any], shapes: list[Shape]) -> list[Any]:
    """Returns the Python values of the elements of an array."""
    results = []
    for index, (value, shape) in enumerate(zip(values, shapes)):
        try:
            results.append(shape.convert(value))
        except Mismatch as mismatch:
            raise mismatch.within(f"[{index}]") from None
    return results


class Map(Shape):
    """An object with any names, whose values have one shape."""

    def __init__(self, key: Optional[Shape], value: Shape, make: Callable[[dict[Any, Any]], Any]) -> None:
        """Creates a shape. Without a key's shape, the names stay strings."""
        self.key, self.value, self._make = key, value, make
        self.is_exact = value.is_exact

    def schema(self, definitions: Definitions) -> Schema:
        names: Schema = self.key.schema(definitions) if self.key else {}
        if names.get("type") == "integer":
            names = {"pattern": "^-?[0-9]+$"}
        value = self.value.schema(definitions)
        return {
            "type": "object",
            **({"propertyNames": names} if names else {}),
            **({"additionalProperties": value} if value else {}),
        }

    def convert(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise Mismatch("an object", value)
        result = {}
        for name, member in value.items():
            try:
                result[self._name(name)] = self.value.convert(member)
            except Mismatch as mismatch:
                raise mismatch.within(name) from None
        return self._make(result)

    def _name(self, name: str) -> Any:
        if self.key is None:
            return name
        if self.key.schema(Definitions()).get("type") == "integer":
            try:
                return self.key.convert(int(name))
            except ValueError:
                raise Mismatch("an integer as the name", name) from None
        return self.key.convert(name)


class Field:
    """A field of a class, or a parameter of a function."""

    def __init__(self, name: str, shape: Shape, is_required: bool, description: str = "", attribute: str = "") -> None:
        #: The name in JSON.
        self.name = name
        self.shape = shape
        self.is_required = is_required
        self.description = description
        #: The name in Python.
        self.attribute = attribute or name
        #: The default as a list of one JSON value; empty if none is shown.
        self.default: list[Any] = []

    def schema(self, definitions: Definitions) -> Schema:
        schema = dict(self.shape.schema(definitions))
        if self.description:
            unit = schema.get("description") == SECONDS
            schema["description"] = f"{self.description.rstrip('.')}. {SECONDS}" if unit else self.description
        # A default of null tells no more than that the field is optional.
        if self.default and self.default[0] is not None:
            schema["default"] = self.default[0]
        return schema


#: The description of a duration, which is added to that of its field.
SECONDS = "In seconds."


def object_schema(fields: Iterable[Field], definitions: Definitions, description: str = "") -> Schema:
    """Returns the schema of an object with certain members and no others."""
    fields = list(fields)
    schema: Schema = {"type": "object"}
    if description:
        schema["description"] = description
    required = [field.name for field in fields if field.is_required]
    if required:
        schema["required"] = required
    schema["properties"] = {field.name: field.schema(definitions) for field in fields}
    schema["additionalProperties"] = False
    return schema


class Record(Shape):
    """An object with certain members, which becomes an instance of a class."""

    def __init__(self, name: str, make: Callable[..., Any], description: str = "") -> None:
        self.name, self._make, self.description = name, make, description
        #: Set after the shape is known by its class: a field may have the same class.
        self.fields: list[Field] = []

    def schema(self, definitions: Definitions) -> Schema:
        return definitions.refer(self, self.name, lambda: object_schema(self.fields, definitions, self.description))

    def convert(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise Mismatch("an object", value)
        arguments = {}
        fields = {field.name: field for field in self.fields}
        for name, member in value.items():
            if name not in fields:
                raise Mismatch("no such member", member, name)
            try:
                arguments[fields[name].attribute] = fields[name].shape.convert(member)
            except Mismatch as mismatch:
                raise mismatch.within(name) from None
        for field in self.fields:
            if field.is_required and field.name not in value:
                raise Mismatch("a value", None, field.name)
        return self._make(**arguments)

    def encode(self, value: Any) -> Any:
        raise NoForm(self.name)


class Model(Shape):
    """A class of pydantic, which makes its own schema and checks values itself."""

    def __init__(
        self,
        name: str,
        schema: Callable[[], Schema],
        parse: Callable[[str], Any],
        shows_default: Callable[[str, str], bool],
    ) -> None:
        self.name, self._schema, self._parse, self._shows_default = name, schema, parse, shows_default

    def schema(self, definitions: Definitions) -> Schema:
        return definitions.refer_to_foreign(self, self.name, self._schema, self._shows_default)

    def convert(self, value: Any) -> Any:
        return self._parse(json.dumps(value, default=float))

    def encode(self, value: Any) -> Any:
        raise NoForm(self.name)


class Reference(Shape):
    """A named type alias, which may contain itself."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.target = Shape()

    def schema(self, definitions: Definitions) -> Schema:
        return definitions.refer(self, self.name, lambda: self.target.schema(definitions))

    def convert(self, value: Any) -> Any:
        return self.target.convert(value)

    def encode(self, value: Any) -> Any:
        return self.target.encode(value)


class Constrained(Shape):
    """A shape with the limits and the description of an annotation."""

    _KEYWORDS = {
        "number": {
            "ge": "minimum",
            "gt": "exclusiveMinimum",
            "le": "maximum",
            "lt": "exclusiveMaximum",
            "multiple_of": "multipleOf",
        },
        "string": {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"},
        "array": {"min_length": "minItems", "max_length": "maxItems"},
        "object": {"min_length": "minProperties", "max_length": "maxProperties"},
    }

    def __init__(self, inner: Shape, limits: dict[str, Any], description: str, examples: list[Any]) -> None:
        self.inner, self.limits, self.description, self.examples = inner, limits, description, examples
        self.is_exact = inner.is_exact

    def schema(self, definitions: Definitions) -> Schema:
        schema = dict(self.inner.schema(definitions))
        kind = schema.get("type")
        for family in kind if isinstance(kind, list) else [kind]:
            for limit, keyword in self._KEYWORDS.get("number" if family == "integer" else str(family), {}).items():
                if limit in self.limits:
                    schema[keyword] = self.limits[limit]
        if self.description:
            schema["description"] = self.description
        if self.examples:
            schema["examples"] = self.examples
        return schema

    def convert(self, value: Any) -> Any:
        return self.inner.convert(value)

    def encode(self, value: Any) -> Any:
        return self.inner.encode(value)
