"""Objects with ``execute``, and perhaps ``get_schema``, as tools."""

from __future__ import annotations

import inspect
from typing import Any

from . import docstrings
from .definitions import Schema
from .schema import tool_schema
from .signatures import Signature, SignatureReader, Unusable

#: The words of JSON Schema that a map of parameter names to schemas does not begin with.
_SCHEMA_WORDS = {
    "type",
    "properties",
    "required",
    "$ref",
    "anyOf",
    "oneOf",
    "allOf",
    "enum",
    "additionalProperties",
    "$defs",
    "definitions",
    "items",
    "$schema",
    "description",
    "title",
}


def is_tool_object(value: Any) -> bool:
    """Returns true for an object, not a class, whose ``execute`` can be called."""
    return not isinstance(value, type) and not inspect.ismodule(value) and callable(getattr(value, "execute", None))


def object_tool(value: Any, reader: SignatureReader, own: dict[str, Any]) -> tuple[Schema, Signature, bool]:
    """Returns the schema of an object, the signature of its ``execute``, and true if calls keep to the signature.

    What ``get_schema`` leaves out comes from the class and from the signature of ``execute``.

    Raises:
        Unusable: The object cannot be a tool.
    """
    cls = type(value)
    given = _given_schema(value)
    name = given.get("name") or cls.__name__
    if not isinstance(name, str):
        raise Unusable('its get_schema gives a "name" that is not a string')
    class_text = vars(cls).get("__doc__")
    execute = value.execute
    text = execute.__doc__ if isinstance(execute.__doc__, str) else ""
    signature = reader.read(execute, name, text)
    description = given.get("description")
    if not isinstance(description, str):
        description = docstrings.read(class_text if isinstance(class_text, str) else "", ()).text
        description = description or signature.documentation.text
    parameters = given.get("parameters", given.get("input_schema", given.get("inputSchema")))
    if parameters is None:
        return tool_schema(name, description, signature.schema(), own), signature, True
    if not isinstance(parameters, dict):
        raise Unusable("its get_schema gives parameters that are not an object")
    # The author's own schema need not agree with the annotations, so arguments are passed as they come.
    return tool_schema(name, description, whole_parameters(parameters), own), signature, False


def _given_schema(value: Any) -> Schema:
    get_schema = getattr(value, "get_schema", None)
    if not callable(get_schema):
        return {}
    try:
        schema = get_schema()
    except Exception as error:
        raise Unusable(f"its get_schema failed: {type(error).__name__}: {error}") from error
    if inspect.iscoroutine(schema):
        schema.close()
        raise Unusable("its get_schema is async; make it a plain method")
    if isinstance(schema, dict) and isinstance(schema.get("function"), dict):
        schema = schema["function"]
    if not isinstance(schema, dict):
        raise Unusable(f"its get_schema gives {type(schema).__name__} instead of a dictionary")
    return schema


def whole_parameters(parameters: Schema) -> Schema:
    """Returns the schema of an object for parameters that are given as a schema, or as a map of names to schemas."""
    is_map = (
        bool(parameters)
        and all(isinstance(member, dict) for member in parameters.values())
        and not ("properties" in parameters or set(parameters) <= _SCHEMA_WORDS)
    )
    if not is_map:
        result = {"type": "object", **parameters}
        result.setdefault("properties", {})
        return result
    required = [name for name, member in parameters.items() if member.get("required") is True]
    properties = {
        name: {key: item for key, item in member.items() if key != "required" or not isinstance(item, bool)}
        for name, member in parameters.items()
    }
    return {"type": "object", **({"required": required} if required else {}), "properties": properties}
