"""The schema of a tool, as a host registers it."""

from __future__ import annotations

from typing import Any

from .definitions import Schema
from .signatures import Signature

#: The members of a function's attribute ``toolhost`` that belong to the schema.
OWN_MEMBERS = ("timeout", "annotations", "examples", "assertFormats")


def tool_schema(name: str, description: str, parameters: Schema, own: dict[str, Any]) -> Schema:
    """Returns a function object as Ollama has it, with the members that only the host reads under ``toolhost``."""
    schema: Schema = {"name": name, "description": description, "parameters": parameters}
    members = {member: own[member] for member in OWN_MEMBERS if member in own}
    if members:
        schema["toolhost"] = members
    return schema


def function_schema(name: str, signature: Signature, own: dict[str, Any]) -> Schema:
    """Returns the schema of a function."""
    return tool_schema(name, signature.documentation.text, signature.schema(), own)
