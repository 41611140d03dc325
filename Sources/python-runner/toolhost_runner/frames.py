"""The frames of the protocol between a host and its worker processes.

All integers are little-endian: the length of the payload (4 bytes), the kind (2), flags (2), the call or 0 (8), then
the payload. A long payload is sent in several frames of the same kind and call; all but the last one have the flag 1.
"""

from __future__ import annotations

import os
import struct
from typing import Optional

# From a host.
CONFIGURE, CALL, CANCEL, ADDRESSES = 2, 4, 5, 6
# From a worker.
REGISTERED, REFUSED, LOG = 103, 104, 105
OUTPUT, PROGRESS, ENDED, RETURNED, RESOLVE = 107, 108, 109, 110, 112

MAXIMUM_PAYLOAD = 256 << 10
#: The largest size of all incomplete payloads together.
MAXIMUM_ASSEMBLY = 1 << 30
WORD, NAME, NOTE, SENTENCE, LINE = 128, 256, 1 << 10, 4 << 10, 8 << 10

TEXT, JSON = "text/plain; charset=utf-8", "application/json"

_HEADER = struct.Struct("<IHHQ")
_RECEIVE_BYTES = 64 << 10


class ProtocolError(Exception):
    """A frame that breaks the protocol."""


# ---- Writing ---------------------------------------------------------------------------------------------------------


def frame(kind: int, call: int, payload: bytes) -> bytes:
    """Returns a message in as many frames as its payload needs."""
    if len(payload) <= MAXIMUM_PAYLOAD:
        return _HEADER.pack(len(payload), kind, 0, call) + payload
    pieces: list[bytes] = []
    for start in range(0, len(payload), MAXIMUM_PAYLOAD):
        piece = payload[start : start + MAXIMUM_PAYLOAD]
        more = start + MAXIMUM_PAYLOAD < len(payload)
        pieces += [_HEADER.pack(len(piece), kind, int(more), call), piece]
    return b"".join(pieces)


def encoded(text: str) -> bytes:
    """Returns a string as UTF-8; what is no Unicode text is replaced."""
    return text.encode("utf-8", "replace")


def cut(content: bytes, limit: int) -> bytes:
    """Returns at most a number of bytes of UTF-8, without splitting a character."""
    if len(content) <= limit:
        return content
    while limit > 0 and content[limit] & 0xC0 == 0x80:
        limit -= 1
    return content[:limit]


def block(content: bytes) -> bytes:
    """Returns bytes after their number."""
    return struct.pack("<I", len(content)) + content


def text_block(text: str, limit: int) -> bytes:
    """Returns a string of at most a number of bytes, after their number."""
    # Four bytes for each character are more than UTF-8 needs.
    return block(cut(encoded(text[: limit + 1]), limit))


def output(call: int, media_type: str, content: bytes) -> bytes:
    """Returns a piece of a call's result."""
    head = block(media_type.encode())
    size = MAXIMUM_PAYLOAD - 1024
    pieces = [
        frame(OUTPUT, call, (b"\1" if start else b"\0") + head + content[start : start + size])
        for start in range(0, max(len(content), 1), size)
    ]
    return b"".join(pieces)


def progress(call: int, fraction: Optional[float], message: str) -> bytes:
    """Returns a report of progress."""
    return frame(PROGRESS, call, struct.pack("<d", -1.0 if fraction is None else fraction) + text_block(message, NOTE))


def end(call: int, status: int, is_truncated: bool, nanoseconds: int) -> bytes:
    """Returns the end of a call, after which the runner does nothing more for it."""
    payload = struct.pack("<BiIBQ", 0, status, 0, is_truncated, max(nanoseconds, 0))
    return frame(ENDED, call, payload) + frame(RETURNED, call, b"\1")


def log(level: int, line: str) -> bytes:
    """Returns a line for the host's log: 0 is debug, 1 info, 2 warning and 3 error."""
    return frame(LOG, 0, struct.pack("<i", level) + text_block(line, LINE))


def refusal(code: str, message: str) -> bytes:
    """Returns the reason why the plugin cannot be used."""
    return frame(REFUSED, 0, text_block(code, WORD) + text_block(message, SENTENCE))


def registration(manifest: bytes, tools: list[tuple[bytes, str, bool]]) -> bytes:
    """Returns the registration of tools: the schema, the fault or nothing, and true for a concurrent tool."""
    pieces = [block(manifest), struct.pack("<I", len(tools))]
    for schema, fault, is_concurrent in tools:
        pieces += [block(schema), text_block(fault, SENTENCE), b"\1" if is_concurrent else b"\0"]
    return frame(REGISTERED, 0, b"".join(pieces))


# ---- Reading ---------------------------------------------------------------------------------------------------------


class Reader:
    """A reader of the fields of a payload."""

    def __init__(self, payload: bytes) -> None:
        self._payload, self._position = payload, 0

    def integers(self, format: str) -> tuple[int, ...]:
        """Returns integers that have a format of the module ``struct``."""
        size = struct.calcsize("<" + format)
        self._require(size)
        values = struct.unpack_from("<" + format, self._payload, self._position)
        self._position += size
        return values

    def text(self) -> str:
        """Returns a string."""
        (count,) = self.integers("I")
        self._require(count)
        start, self._position = self._position, self._position + count
        return self._payload[start : self._position].decode("utf-8", "replace")

    def rest(self) -> bytes:
        """Returns the bytes that have not been read."""
        start, self._position = self._position, len(self._payload)
        return self._payload[start:]

    def _require(self, count: int) -> None:
        if len(self._payload) - self._position < count:
            raise ProtocolError("a payload that ends too early")


class Stream:
    """The messages of a host, from the descriptor of a socket."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()
        self._incomplete: dict[tuple[int, int], bytearray] = {}

    def receive(self) -> Optional[tuple[int, int, bytes]]:
        """Waits for a message, and returns its kind, call and payload; None after the host has closed the socket."""
        while True:
            if not self._fill(_HEADER.size):
                return None
            length, kind, flags, call = _HEADER.unpack_from(self._buffer)
            if length > MAXIMUM_PAYLOAD or flags > 1:
                raise ProtocolError(f"a frame of {length} bytes with the flags {flags}")
            end = _HEADER.size + length
            if not self._fill(end):
                return None
            payload = self._assemble(kind, call, flags == 1, bytes(memoryview(self._buffer)[_HEADER.size : end]))
            del self._buffer[:end]
            if payload is not None:
                return kind, call, payload

    def _fill(self, size: int) -> bool:
        """Reads until a number of bytes is in the buffer; returns false at the end of the stream."""
        while len(self._buffer) < size:
            try:
                received = os.read(self._descriptor, _RECEIVE_BYTES)
            except ConnectionResetError:
                received = b""
            if not received:
                return False
            self._buffer += received
        return True

    def _assemble(self, kind: int, call: int, has_more: bool, payload: bytes) -> Optional[bytes]:
        key = (kind, call)
        if not has_more and key not in self._incomplete:
            return payload
        self._incomplete.setdefault(key, bytearray()).extend(payload)
        if sum(len(part) for part in self._incomplete.values()) > MAXIMUM_ASSEMBLY or len(self._incomplete) > 4096:
            raise ProtocolError("incomplete messages that are too large")
        return None if has_more else bytes(self._incomplete.pop(key))
