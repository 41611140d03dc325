"""The result of a call: its status, and its content in parts."""

from __future__ import annotations

import json
from typing import Any, Optional

from . import frames
from .values import NotFinite, json_text, text

OK, TOOL_ERROR, INVALID_ARGUMENTS, CANCELLED = range(4)

#: A media type and its content.
Part = tuple[str, bytes]

#: The text for a function without a result.
DONE = "Done."
_BINARY = "application/octet-stream"
_PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


class Outcome:
    """The status of a call, and the parts that have not been sent yet."""

    def __init__(self, status: int, parts: list[Part]) -> None:
        self.status, self.parts = status, parts

    @classmethod
    def failure(cls, status: int, sentence: str) -> Outcome:
        """Returns an error with a sentence for the model."""
        return cls(status, [(frames.TEXT, frames.encoded(sentence))] if sentence else [])


def outcome(value: Any, is_object: bool) -> Outcome:
    """Returns the outcome of a value that a function returned.

    Args:
        value: The value.
        is_object: True for the ``execute`` of an object, which may report a failure in its value.
    """
    status = OK
    if is_object:
        status, value = object_status(value)
    return Outcome(status, parts(value))


def object_status(value: Any) -> tuple[int, Any]:
    """Returns the status and the value that the ``execute`` of an object means."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], bool):
        return (OK if value[0] else TOOL_ERROR), value[1]
    if isinstance(value, dict):
        status = value.get("status")
        has_failed = (
            value.get("success") is False
            or value.get("ok") is False
            or (isinstance(status, str) and status.lower() in ("error", "failed", "failure"))
            or set(value) == {"error"}
        )
        return (TOOL_ERROR if has_failed else OK), value
    return OK, value


def parts(value: Any) -> list[Part]:
    """Returns the parts of a value."""
    if value is None:
        return [(frames.TEXT, DONE.encode())]
    if isinstance(value, str):
        return [(frames.TEXT, frames.encoded(value))]
    single = binary(value)
    if single is not None:
        return [single]
    if isinstance(value, (list, tuple)) and value:
        several = [part for item in value if (part := binary(item)) is not None]
        if len(several) == len(value):
            return several
    try:
        content = json_text(value)
    except NotFinite:
        content = None
    if content is None:
        return [(frames.TEXT, frames.encoded(text(value)))]
    return [(frames.JSON, frames.encoded(content))]


def line(value: Any) -> Part:
    """Returns an item of a generator: a text as it is, a picture, or a line of JSON."""
    if isinstance(value, str):
        return frames.TEXT, frames.encoded(value)
    part = binary(value)
    if part is not None:
        return part
    try:
        content = json_text(value)
    except NotFinite:
        content = None
    return frames.TEXT, frames.encoded((json.dumps(text(value)) if content is None else content) + "\n")


def binary(value: Any) -> Optional[Part]:
    """Returns the part of bytes, or of an object that shows itself as a picture; None for another value."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        content = bytes(value)
    elif not isinstance(value, type) and callable(getattr(type(value), "_repr_png_", None)):
        content = value._repr_png_()
        if not isinstance(content, bytes):
            return None
    else:
        return None
    for signature, media_type in _PICTURES:
        if content.startswith(signature):
            return media_type, content
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", content
    try:
        content.decode()
    except UnicodeDecodeError:
        return _BINARY, content
    return frames.TEXT, content
