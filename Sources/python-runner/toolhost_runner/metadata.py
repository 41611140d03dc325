"""The metadata of annotated types: descriptions and limits of several libraries, by the names of their attributes."""

from __future__ import annotations

import re
from typing import Any

from .records import Constrained
from .shapes import NoForm, Shape, encoded

_LIMITS = ("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "pattern")


def constrained(shape: Shape, metadata: tuple[Any, ...]) -> Shape:
    """Returns a shape with the limits and descriptions of an annotation.

    A string is a description, as are the ``documentation`` of PEP 727's Doc and the ``description`` of pydantic's Field
    and msgspec's Meta. The limits have the names that annotated-types gives them, which the other libraries share.
    """
    limits: dict[str, Any] = {}
    description = ""
    examples: list[Any] = []
    for item in _flattened(metadata):
        if isinstance(item, str):
            description = item
            continue
        for name in ("description", "documentation"):
            text = getattr(item, name, None)
            if isinstance(text, str) and text:
                description = text
        for name in _LIMITS:
            value = _limit(getattr(item, name, None), name)
            if value is not None:
                limits[name] = value
        shown = getattr(item, "examples", None)
        if isinstance(shown, list):
            try:
                examples = encoded(shown)
            except NoForm:
                pass
    if not (limits or description or examples):
        return shape
    return Constrained(shape, limits, " ".join(description.split()), examples)


def _flattened(metadata: tuple[Any, ...]) -> list[Any]:
    result: list[Any] = []
    for item in metadata:
        result.append(item)
        # The Field of pydantic holds limits as items of its own.
        inner = getattr(item, "metadata", None)
        if isinstance(inner, list):
            result += inner
    return result


def _limit(value: Any, name: str) -> Any:
    if isinstance(value, re.Pattern):
        value = value.pattern
    if name == "pattern":
        return value if isinstance(value, str) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return encoded(value)
    except NoForm:
        return None
