"""The shapes of types whose values are a string, a number, a Boolean value or null in JSON.

Types of other modules than the built-in one are known by their names: most plugins use few of these modules, and each
takes milliseconds to import.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Optional

from .records import SECONDS
from .shapes import Number, Scalar, Shape, Text, decoded

_BUILT_IN: dict[Any, Callable[[], Shape]] = {
    Any: Shape,
    object: Shape,
    None: lambda: Scalar("null"),
    type(None): lambda: Scalar("null"),
    str: lambda: Scalar("string"),
    int: lambda: Scalar("integer"),
    float: lambda: Scalar("number"),
    bool: lambda: Scalar("boolean"),
    bytes: lambda: Text(decoded, contentEncoding="base64"),
    bytearray: lambda: Text(lambda text: bytearray(decoded(text)), contentEncoding="base64"),
    re.Pattern: lambda: Text(re.compile, format="regex"),
}

_NAMED: dict[str, Callable[[Any], Shape]] = {
    "numbers.Number": lambda cls: Scalar("number"),
    "numbers.Real": lambda cls: Scalar("number"),
    "numbers.Integral": lambda cls: Scalar("integer"),
    "datetime.datetime": lambda cls: Text(lambda text: cls.fromisoformat(_clock(text)), format="date-time"),
    "datetime.date": lambda cls: Text(cls.fromisoformat, format="date"),
    "datetime.time": lambda cls: Text(lambda text: cls.fromisoformat(_clock(text)), format="time"),
    "datetime.timedelta": lambda cls: Number(lambda value: cls(seconds=float(value)), description=SECONDS),
    "decimal.Decimal": lambda cls: Number(
        lambda value: value if type(value) is cls else cls(str(value)), is_exact=True
    ),
    "uuid.UUID": lambda cls: Text(cls, format="uuid"),
    "ipaddress.IPv4Address": lambda cls: Text(cls, format="ipv4"),
    "ipaddress.IPv6Address": lambda cls: Text(cls, format="ipv6"),
    "ipaddress.IPv4Network": lambda cls: Text(cls),
    "ipaddress.IPv6Network": lambda cls: Text(cls),
    "zoneinfo.ZoneInfo": lambda cls: Text(cls),
}


def scalar_shape(annotation: Any) -> Optional[Shape]:
    """Returns the shape of a type that is one of the table, or None for another annotation."""
    try:
        known = _BUILT_IN.get(annotation)
    except TypeError:  # Not hashable, so no type.
        return None
    if known:
        return known()
    if not isinstance(annotation, type):
        return None
    named = _NAMED.get(f"{annotation.__module__}.{annotation.__qualname__}")
    return named(annotation) if named else None


def subclass_shape(cls: type) -> Optional[Shape]:
    """Returns the shape of a subclass of a path, a string or a number, or None for another class."""
    for base in cls.__mro__:
        if base.__name__ == "PurePath" and base.__module__.startswith("pathlib"):
            return Text(cls)
    for kind, name in ((str, "string"), (int, "integer"), (float, "number")):
        if issubclass(cls, kind):
            return Scalar(name, cls)
    if cls.__module__ == "os" and cls.__name__ == "PathLike":
        from pathlib import Path

        return Text(Path)
    return None


def _clock(text: str) -> str:
    """Returns a time as fromisoformat reads it before Python 3.11: without Z, and with six digits of a fraction."""
    text = re.sub(r"\.(\d+)", lambda match: f".{match.group(1)[:6]:0<6}", text)
    return text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text
