"""Examples in docstrings, as ``doctest`` has them, which become examples of the tool."""

from __future__ import annotations

import ast
from typing import Any, Optional

from .definitions import Schema
from .shapes import NoForm, encoded
from .signatures import Parameter, Signature

MAXIMUM_EXAMPLES = 20


def with_examples(schema: Schema, docstring: str, name: str, signature: Signature) -> Schema:
    """Returns a schema with the examples of a docstring, unless the author gives others.

    An example counts if it calls the function with literals, and prints a literal.
    """
    own = schema.get("toolhost", {})
    if ">>>" not in docstring or "examples" in own:
        return schema
    examples = read_examples(docstring, name, signature)
    return {**schema, "toolhost": {**own, "examples": examples}} if examples else schema


def read_examples(docstring: str, name: str, signature: Signature) -> list[dict[str, Any]]:
    """Returns the examples of a docstring that call a function."""
    result: list[dict[str, Any]] = []
    lines = docstring.splitlines()
    for index, line in enumerate(lines):
        code = line.strip()
        if not code.startswith(">>> "):
            continue
        output: list[str] = []
        for following in lines[index + 1 :]:
            text = following.strip()
            if not text or text.startswith((">>>", "...")):
                break
            output.append(text)
        arguments = _arguments(code[4:], name, signature)
        if arguments is None or not output or len(result) == MAXIMUM_EXAMPLES:
            continue
        try:
            value = ast.literal_eval("\n".join(output))
            result.append({"arguments": arguments, "result": encoded(value)})
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, NoForm):
            continue
    return result


def _arguments(code: str, name: str, signature: Signature) -> Optional[dict[str, Any]]:
    """Returns the arguments of a call of the function with literals, or None for other code."""
    try:
        call = ast.parse(code.strip(), mode="eval").body
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name):
            return None
        places = [argument.parameter for argument in signature.arguments if argument.field is not None]
        result: dict[str, Any] = {}
        for parameter, value in zip(places, call.args):
            if parameter.kind not in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
                return None
            result[parameter.name] = encoded(ast.literal_eval(value))
        if len(call.args) > len(places):
            return None
        for keyword in call.keywords:
            if keyword.arg is None:
                return None
            result[keyword.arg] = encoded(ast.literal_eval(keyword.value))
        return result
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, NoForm):
        return None
