"""What a plugin prints and logs, as lines of the host's log."""

from __future__ import annotations

import io
import sys
import threading
from typing import TYPE_CHECKING, Any

from . import frames
from .channel import Channel

if TYPE_CHECKING:
    import logging

INFO, WARNING = 1, 2


class LineStream(io.TextIOBase):
    """A standard stream whose lines go to the host's log.

    The descriptor stays what it was: what C code writes to it is the last output of the process.
    """

    def __init__(self, channel: Channel, descriptor: int) -> None:
        self._channel, self._descriptor = channel, descriptor
        self._rest = ""
        # A finalizer may print while this thread does.
        self._lock = threading.RLock()
        self.buffer = _ByteStream(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        return "replace"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        with self._lock:
            # Linear in the text: only whole lines leave the rest.
            lines = (self._rest + text).split("\n")
            self._rest = lines.pop()
            if len(self._rest) >= frames.LINE:
                lines.append(self._rest)
                self._rest = ""
        self._send(lines)
        return len(text)

    def finish_line(self) -> None:
        """Sends a line that has not ended."""
        with self._lock:
            rest, self._rest = self._rest, ""
        if rest:
            self._send([rest])

    def _send(self, lines: list[str]) -> None:
        size = frames.LINE // 4
        pieces = [
            frames.log(INFO, line[start : start + size])
            for line in lines
            for start in range(0, max(len(line), 1), size)
        ]
        if pieces:
            self._channel.send(b"".join(pieces))


class _ByteStream(io.RawIOBase):
    """The bytes below a standard stream."""

    def __init__(self, stream: LineStream) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def write(self, content: Any) -> int:
        view = memoryview(content)
        self._stream.write(view.tobytes().decode("utf-8", "replace"))
        return view.nbytes


def install(channel: Channel) -> list[LineStream]:
    """Takes over the standard streams, and returns them."""
    streams = [LineStream(channel, 1), LineStream(channel, 2)]
    sys.stdout = sys.__stdout__ = streams[0]  # type: ignore[assignment, misc]
    sys.stderr = sys.__stderr__ = streams[1]  # type: ignore[assignment, misc]
    return streams


def capture_logging(channel: Channel) -> None:
    """Takes over the records of the module logging, unless the plugin has handlers of its own."""
    if "logging" not in sys.modules:
        return
    import logging

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            level = min(max(record.levelno // 10 - 1, 0), 3)
            channel.send(b"".join(frames.log(level, line) for line in self.format(record).split("\n")))

    root = logging.getLogger()
    if not root.handlers:
        handler = Handler()
        handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
        root.addHandler(handler)
        # The host shows these lines only to those who ask for them.
        if root.level == logging.WARNING:
            root.setLevel(logging.INFO)
