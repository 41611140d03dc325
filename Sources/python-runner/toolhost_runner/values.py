"""The JSON of Python values: exact decimal numbers, and a text for what has no form in JSON."""

from __future__ import annotations

import dataclasses
import enum
import json
import math
from collections import deque
from collections.abc import ItemsView, Iterable, KeysView, Mapping, Set, ValuesView
from typing import Any, Optional

from .kinds import is_decimal, is_instance

#: The depth from which on a value is given as its text.
MAXIMUM_DEPTH = 100

_encode = json.JSONEncoder(ensure_ascii=False).encode


class NotFinite(Exception):
    """A value that contains an infinite number or none, which JSON does not have."""


def json_text(value: Any) -> Optional[str]:
    """Returns the JSON text of a value, or None if its text is the only form that it has.

    Raises:
        NotFinite: It contains NaN or an infinite number.
    """
    writer = _Writer()
    plain = writer.form(value, 0)
    if plain is _NO_FORM:
        return None
    # The module json writes no decimal numbers.
    return written(plain) if writer.has_decimals else _encode(plain)


def text(value: Any) -> str:
    """Returns the text of any object, also of one whose ``__str__`` fails."""
    try:
        return str(value)
    except Exception as error:
        return f"<{type(value).__name__} whose text cannot be made: {type(error).__name__}>"


def written(value: Any) -> str:
    """Returns the JSON text of a plain value that contains decimal numbers."""
    if is_decimal(value):
        return str(value)
    if isinstance(value, dict):
        members = (f"{_encode(name)}: {written(item)}" for name, item in value.items())
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    return _encode(value)


_NO_FORM = object()


class _Writer:
    def __init__(self) -> None:
        self.has_decimals = False
        self._open: set[int] = set()

    def plain(self, value: Any, depth: int) -> Any:
        """Returns a value of the types that the module json writes, and decimal numbers."""
        kind = type(value)
        if value is None or kind is str or kind is bool or kind is int:
            return value
        result = self.form(value, depth)
        return text(value) if result is _NO_FORM else result

    def form(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, enum.Enum):
            plain = value.value
            return self.plain(plain if isinstance(plain, (str, int, float)) else value.name, depth)
        if isinstance(value, str):
            return str(value)
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            if not math.isfinite(value):
                raise NotFinite
            return float(value)
        if is_decimal(value):
            if not value.is_finite():
                raise NotFinite
            self.has_decimals = True
            return value
        if is_instance(value, "datetime.date", "datetime.time"):
            return value.isoformat()
        if is_instance(value, "datetime.timedelta"):
            return value.total_seconds()
        # A value that contains itself is given as its text at that place.
        if id(value) in self._open or depth >= MAXIMUM_DEPTH:
            return _NO_FORM
        self._open.add(id(value))
        try:
            return self._container(value, depth + 1)
        finally:
            self._open.discard(id(value))

    def _container(self, value: Any, depth: int) -> Any:
        if isinstance(value, Mapping):
            return {self._name(name): self.plain(item, depth) for name, item in value.items()}
        fields = getattr(value, "_fields", None)
        if isinstance(value, tuple) and isinstance(fields, tuple):
            return self._members(value, fields, depth)
        if isinstance(value, (list, tuple, deque, range, KeysView, ValuesView, ItemsView)):
            return [self.plain(item, depth) for item in value]
        if isinstance(value, Set):
            return [self.plain(item, depth) for item in _sorted(value)]
        if isinstance(value, (bytes, bytearray, memoryview)):
            content = bytes(value)
            try:
                return content.decode()
            except UnicodeDecodeError:
                import base64

                return base64.b64encode(content).decode()
        if isinstance(value, type):
            return _NO_FORM
        return self._object(value, depth)

    def _object(self, value: Any, depth: int) -> Any:
        cls = type(value)
        if callable(getattr(cls, "model_dump", None)):
            return self.plain(value.model_dump(mode="json"), depth)
        if callable(getattr(cls, "dict", None)) and hasattr(cls, "__fields__"):  # Version 1 of pydantic.
            return self.plain(value.dict(), depth)
        if dataclasses.is_dataclass(value):
            return self._members(value, [field.name for field in dataclasses.fields(value)], depth)
        attributes = getattr(cls, "__attrs_attrs__", None)
        if isinstance(attributes, tuple):
            return self._members(value, [field.name for field in attributes], depth)
        if hasattr(cls, "__struct_fields__"):
            return self._members(value, cls.__struct_fields__, depth)
        # Arrays of the module array, and arrays and numbers of numpy.
        if callable(getattr(cls, "tolist", None)) and (hasattr(cls, "dtype") or is_instance(value, "array.array")):
            return self.plain(value.tolist(), depth)
        return _NO_FORM

    def _members(self, value: Any, names: Iterable[str], depth: int) -> Any:
        return {name: self.plain(getattr(value, name, None), depth) for name in names}

    @staticmethod
    def _name(name: Any) -> str:
        if isinstance(name, enum.Enum):
            name = name.value if isinstance(name.value, (str, int)) else name.name
        if name is None or isinstance(name, bool):
            return json.dumps(name)
        return text(name)


def _sorted(values: Set[Any]) -> list[Any]:
    """Returns the elements of a set in an order that does not depend on the hash seed."""
    try:
        return sorted(values)
    except TypeError:
        return sorted(values, key=repr)
