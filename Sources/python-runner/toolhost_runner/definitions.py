"""Definitions: the schemas of classes, which the schema of a tool refers to or contains."""

from __future__ import annotations

from typing import Any, Callable, Hashable, Iterator

Schema = dict[str, Any]

#: The keywords whose value maps names to schemas.
MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
#: The keywords whose value is a schema or an array of schemas.
SUBSCHEMAS = (
    "items",
    "prefixItems",
    "additionalProperties",
    "propertyNames",
    "contains",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
    "additionalItems",
)
#: The largest number of schemas in a tool's schema for which all definitions are put in place of their references.
MAXIMUM_INLINED = 2000
_PREFIX = "#/$defs/"


def children(schema: Schema) -> Iterator[Schema]:
    """Yields the schemas directly inside a schema."""
    for keyword in MAPS:
        members = schema.get(keyword)
        if isinstance(members, dict):
            yield from (member for member in members.values() if isinstance(member, dict))
    for keyword in SUBSCHEMAS:
        value = schema.get(keyword)
        for member in value if isinstance(value, list) else [value]:
            if isinstance(member, dict):
                yield member


def mapped(schema: Any, change: Callable[[Schema], Schema]) -> Any:
    """Returns a copy of a schema in which each schema inside has been changed, the inner ones first."""
    if isinstance(schema, list):
        return [mapped(member, change) for member in schema]
    if not isinstance(schema, dict):
        return schema
    result: Schema = {}
    for keyword, value in schema.items():
        if keyword in MAPS and isinstance(value, dict):
            value = {name: mapped(member, change) for name, member in value.items()}
        elif keyword in SUBSCHEMAS:
            value = mapped(value, change)
        result[keyword] = value
    return change(result)


class Definitions:
    """The definitions of one tool's schema."""

    def __init__(self) -> None:
        self._names: dict[Hashable, str] = {}
        self._schemas: dict[str, Schema] = {}
        self._foreign: dict[Hashable, Schema] = {}

    def refer(self, key: Hashable, name: str, make: Callable[[], Schema]) -> Schema:
        """Returns a reference to the definition with a key, which is made at the first use."""
        if key not in self._names:
            unique = self._reserve(key, name)
            self._schemas[unique] = make()
        return {"$ref": _PREFIX + self._names[key]}

    def refer_to_foreign(
        self, key: Hashable, name: str, make: Callable[[], Schema], shows_default: Callable[[str, str], bool]
    ) -> Schema:
        """Returns a reference to a schema that another library makes, without its titles.

        Args:
            key: The key of the schema.
            name: The name of its definition.
            make: Makes the schema.
            shows_default: Returns true if the default of a field is shown. Its arguments are the name of the class and
                that of the field.
        """
        if key not in self._foreign:
            schema = self._adopted(make(), shows_default)
            # The schema of a class that contains itself is a reference already.
            if set(schema) == {"$ref"}:
                self._foreign[key] = schema
            else:
                self._foreign[key] = self.refer(key, name, lambda: schema)
        return dict(self._foreign[key])

    def _adopted(self, schema: Schema, shows_default: Callable[[str, str], bool]) -> Schema:
        inner = schema.get("$defs") or schema.get("definitions") or {}
        names = {name: self._reserve(object(), name) for name in inner}

        def adapt(part: Schema) -> Schema:
            title = part.pop("title", None)
            for field, member in part.get("properties", {}).items():
                # A default of null tells no more than that the field is optional.
                if (
                    isinstance(member, dict)
                    and "default" in member
                    and (member["default"] is None or not shows_default(str(title), field))
                ):
                    del member["default"]
            reference = part.get("$ref")
            if isinstance(reference, str):
                known = names.get(reference.rpartition("/")[2])
                if known is not None:
                    part["$ref"] = _PREFIX + known
            for keyword in ("$defs", "definitions"):
                part.pop(keyword, None)
            # OpenAPI's keyword, which JSON Schema does not know.
            part.pop("discriminator", None)
            return part

        for name, definition in inner.items():
            self._schemas[names[name]] = mapped(definition, adapt)
        result: Schema = mapped(
            {key: value for key, value in schema.items() if key not in ("$defs", "definitions")}, adapt
        )
        return result

    def _reserve(self, key: Hashable, name: str) -> str:
        used = set(self._names.values())
        unique, number = name, 2
        while unique in used:
            unique, number = f"{name}_{number}", number + 1
        self._names[key] = unique
        return unique

    # ---- References ------------------------------------------------------------------------------------------------

    def resolved(self, schema: Schema) -> Schema:
        """Returns a schema in which definitions have taken the place of their references.

        References to classes that contain themselves stay. If the result would be large, those to classes that are used
        more than once stay, too.
        """
        recursive = {name for name in self._schemas if self._reaches(name, name)}
        inlined = set(self._schemas) - recursive
        if self._expanded_size(schema, inlined) > MAXIMUM_INLINED:
            uses: dict[str, int] = {}
            for part in [schema, *self._schemas.values()]:
                for name in self._references(part):
                    uses[name] = uses.get(name, 0) + 1
            inlined = {name for name in inlined if uses.get(name, 0) <= 1}

        def expand(part: Schema) -> Schema:
            name = self._target(part)
            if name not in inlined:
                return part
            rest = {keyword: value for keyword, value in part.items() if keyword != "$ref"}
            return {**mapped(self._schemas[name], expand), **rest}

        result: Schema = mapped(schema, expand)
        needed: dict[str, Schema] = {}
        waiting = list(self._references(result))
        while waiting:
            name = waiting.pop(0)
            if name not in needed:
                needed[name] = mapped(self._schemas[name], expand)
                waiting += self._references(needed[name])
        if needed:
            result["$defs"] = needed
        return result

    def _target(self, schema: Schema) -> str:
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith(_PREFIX):
            name = reference[len(_PREFIX) :]
            if name in self._schemas:
                return name
        return ""

    def _references(self, schema: Schema) -> Iterator[str]:
        name = self._target(schema)
        if name:
            yield name
        for child in children(schema):
            yield from self._references(child)

    def _reaches(self, start: str, goal: str) -> bool:
        seen: set[str] = set()
        waiting = list(self._references(self._schemas[start]))
        while waiting:
            name = waiting.pop()
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                waiting += self._references(self._schemas[name])
        return False

    def _expanded_size(self, schema: Schema, inlined: set[str]) -> int:
        sizes: dict[str, int] = {}

        def size(part: Schema) -> int:
            name = self._target(part)
            total = 1 + sum(size(child) for child in children(part))
            if name in inlined:
                if name not in sizes:
                    sizes[name] = size(self._schemas[name])
                total += sizes[name]
            return total

        return size(schema)
