"""A host for the tests: it starts the runner in a process of its own and speaks the protocol of workers with it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import queue
import signal
import socket
import struct
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Optional

RUNNER = Path(__file__).resolve().parents[2] / "Sources" / "python-runner" / "runner.py"
#: The time in seconds after which a test fails that waits for a message.
PATIENCE = 30

OK, TOOL_ERROR, INVALID_ARGUMENTS, CANCELLED = range(4)


class Result:
    """The end of a call."""

    def __init__(self) -> None:
        self.status = -1
        self.parts: list[tuple[str, bytes]] = []
        self.is_truncated = False
        self.has_returned = False

    @property
    def text(self) -> str:
        """The content of all parts."""
        return b"".join(content for _, content in self.parts).decode("utf-8", "backslashreplace")

    @property
    def value(self) -> Any:
        """The value of the only part, which is JSON."""
        assert [media for media, _ in self.parts] == ["application/json"], self.parts
        return json.loads(self.parts[0][1])


class Host:
    """A host and the process of one plugin."""

    def __init__(
        self,
        source: str | bytes,
        parts: Optional[dict[str, str]] = None,
        options: tuple[str, ...] = (),
        data_bytes: Optional[int] = None,
        name: str = "plugin.py",
        python: str = sys.executable,
        may_resolve: bool = False,
        configuration: Optional[dict[str, str]] = None,
        runner: Path = RUNNER,
    ) -> None:
        """Starts a process, and waits until the plugin has registered or was refused."""
        self.logs: list[tuple[int, str]] = []
        self.progress: list[tuple[int, float, str]] = []
        self.questions: queue.Queue[tuple[int, str]] = queue.Queue()
        self.manifest: dict[str, Any] = {}
        self.tools: list[tuple[dict[str, Any], str, bool]] = []
        self.refusal: Optional[tuple[str, str]] = None
        self.results: dict[int, Result] = {}
        self.error: Optional[str] = None
        self._changed = threading.Condition()
        self._is_open = True
        self._buffer = b""
        self._pieces = b""
        self._last = 0
        content = source if isinstance(source, bytes) else textwrap.dedent(source).encode()
        self._start(content, parts or {}, options, data_bytes, name, python, runner)
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()
        self._wait(lambda: self.tools or self.refusal or not self._is_open)
        if self.tools:
            fields = [item for pair in (configuration or {}).items() for item in pair]
            self.send(2, 0, struct.pack("<BI", may_resolve, len(fields) // 2) + b"".join(map(block, fields)))

    def _start(
        self,
        content: bytes,
        parts: dict[str, str],
        options: tuple[str, ...],
        data_bytes: Optional[int],
        name: str,
        python: str,
        runner: Path,
    ) -> None:
        self.socket, theirs = socket.socketpair()
        files = [(f"/plugins/{name}", content)]
        files += [(f"/plugins/{path}", textwrap.dedent(text).encode()) for path, text in parts.items()]
        actions: list[tuple[Any, ...]] = []
        descriptors: list[int] = []

        def give(descriptor: int, number: int) -> None:
            # A number above all targets, so that no copy closes another one.
            high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 200)
            descriptors.append(high)
            actions.append((os.POSIX_SPAWN_DUP2, high, number))

        give(theirs.fileno(), 3)
        arguments: list[str] = []
        for number, (path, text) in enumerate(files, 5):
            with tempfile.TemporaryFile() as file:
                file.write(text)
                file.flush()
                give(file.fileno(), number)
            arguments.append(f"{number}:{path}")
        reading, writing = os.pipe()
        give(writing, 1)
        give(writing, 2)
        with open(os.devnull) as nothing:
            give(nothing.fileno(), 0)
        command = [python, "-I", "-B", "-X", "utf8", str(runner), *options, *arguments]
        if data_bytes is not None:
            command = ["/bin/sh", "-c", 'ulimit -d "$0" && exec "$@"', str(data_bytes >> 10), *command]
        environment = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
        self.process = os.posix_spawn(command[0], command, environment, file_actions=actions)
        for descriptor in descriptors:
            os.close(descriptor)
        os.close(writing)
        theirs.close()
        self._output = reading

    # ---- Messages to the runner ------------------------------------------------------------------------------------

    def send(self, kind: int, call: int, payload: bytes = b"") -> None:
        """Sends a message in as many frames as it needs."""
        size = 256 << 10
        for start in range(0, max(len(payload), 1), size):
            piece = payload[start : start + size]
            more = start + size < len(payload)
            self.socket.sendall(struct.pack("<IHHQ", len(piece), kind, more, call) + piece)

    def start(self, tool: str, limit: int = 1 << 26, timeout: float = 60, **arguments: Any) -> int:
        """Starts a call, and returns its number."""
        index = next(index for index, entry in enumerate(self.tools) if entry[0]["name"] == tool)
        self._last += 1
        self.results[self._last] = Result()
        head = struct.pack("<IQQQI", index, int(timeout * 1e9), int(2e9), limit, 0xFFFF_FFFF)
        self.send(4, self._last, head + json.dumps(arguments).encode())
        return self._last

    def cancel(self, call: int, tool: str) -> None:
        """Cancels a call as the host does: the message, then the signal for a call that is not concurrent."""
        self.send(5, call)
        if not next(entry[2] for entry in self.tools if entry[0]["name"] == tool):
            os.kill(self.process, signal.SIGINT)

    def call(self, tool: str, **arguments: Any) -> Result:
        """Runs a call to its end."""
        return self.wait(self.start(tool, **arguments))

    # ---- Messages of the runner ------------------------------------------------------------------------------------

    def wait(self, call: int) -> Result:
        """Waits for the end of a call."""
        self._wait(lambda: self.results[call].has_returned or not self._is_open)
        if not self.results[call].has_returned:
            raise AssertionError(f"the process ended: {self.error or self.exit()}")
        return self.results[call]

    def wait_for(self, condition: Any) -> None:
        """Waits until a condition holds that messages change."""
        self._wait(condition)

    def _wait(self, condition: Any) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, PATIENCE):
                raise AssertionError(f"nothing came for {PATIENCE} s; the log: {self.logs[-5:]}")

    def _receive(self) -> None:
        try:
            while True:
                header = self._read(16)
                if not header:
                    break
                length, kind, flags, call = struct.unpack("<IHHQ", header)
                payload = self._read(length)
                self._pieces += payload
                if flags == 1:
                    continue
                payload, self._pieces = self._pieces, b""
                with self._changed:
                    self._handle(kind, call, Fields(payload))
                    self._changed.notify_all()
        except Exception as error:
            self.error = repr(error)
        with self._changed:
            self._is_open = False
            self._changed.notify_all()

    def _read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            try:
                received = self.socket.recv(1 << 20)
            except OSError:
                received = b""
            if not received:
                if self._buffer:
                    raise AssertionError("the stream ends within a frame")
                return b""
            self._buffer += received
        result, self._buffer = self._buffer[:size], self._buffer[size:]
        return result

    def _handle(self, kind: int, call: int, fields: Fields) -> None:
        if kind == 103:
            self.manifest = json.loads(fields.block())
            (count,) = fields.take("I")
            self.tools = [
                (json.loads(fields.block()), fields.block().decode(), fields.take("B")[0] == 1) for _ in range(count)
            ]
        elif kind == 104:
            self.refusal = fields.block().decode(), fields.block().decode()
        elif kind == 105:
            self.logs.append((fields.take("i")[0], fields.block().decode()))
        elif kind == 107:
            (continues,) = fields.take("B")
            media, content = fields.block().decode(), fields.rest()
            parts = self.results[call].parts
            assert not self.results[call].has_returned, "a result after the end"
            if parts and parts[-1][0] == media and (continues or not media.startswith("image/")):
                parts[-1] = media, parts[-1][1] + content
            else:
                parts.append((media, content))
        elif kind == 108:
            self.progress.append((call, fields.take("d")[0], fields.block().decode()))
        elif kind == 109:
            reason, status = fields.take("Bi")
            assert reason == 0 and self.results[call].status == -1, "a second end"
            assert fields.block() == b""
            self.results[call].is_truncated = fields.take("B")[0] == 1
            assert fields.take("Q")[0] < 1e12
            self.results[call].status = status
        elif kind == 110:
            assert fields.take("B") == (1,) and self.results[call].status >= 0
            self.results[call].has_returned = True
        elif kind == 112:
            self.questions.put((call, fields.block().decode()))
        else:
            raise AssertionError(f"a frame of kind {kind}")
        assert not fields.rest(), f"a frame of kind {kind} that is too long"

    # ---- The process -----------------------------------------------------------------------------------------------

    def close(self) -> int:
        """Closes the socket, and returns the exit status of the process: negative for a signal."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        return self.exit()

    _exit: Optional[int] = None

    def exit(self) -> int:
        """Waits for the exit of the process."""
        end = time.monotonic() + PATIENCE
        while self._exit is None:
            number, status = os.waitpid(self.process, os.WNOHANG)
            if number:
                self._exit = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                os.kill(self.process, signal.SIGKILL)
            else:
                time.sleep(0.002)
        return self._exit

    def output(self) -> str:
        """Returns what the process has written to its standard descriptors, after its exit."""
        pieces = []
        while piece := os.read(self._output, 1 << 16):
            pieces.append(piece)
        return b"".join(pieces).decode("utf-8", "replace")

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()
        self._thread.join()
        os.close(self._output)


class Fields:
    """The fields of a payload."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload

    def take(self, format: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + format)
        values, self._payload = struct.unpack("<" + format, self._payload[:size]), self._payload[size:]
        return values

    def block(self) -> bytes:
        (count,) = self.take("I")
        content, self._payload = self._payload[:count], self._payload[count:]
        assert len(content) == count
        return content

    def rest(self) -> bytes:
        content, self._payload = self._payload, b""
        return content


def block(text: str) -> bytes:
    """Returns a string after its length."""
    content = text.encode()
    return struct.pack("<I", len(content)) + content


def lines(text: str) -> Iterator[str]:
    """Yields the lines of a text that are not empty."""
    return filter(None, text.split("\n"))
