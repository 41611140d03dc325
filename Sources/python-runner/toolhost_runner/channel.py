"""The runner's end of the socket: all threads send."""

from __future__ import annotations

import errno
import os
import threading

from . import guards

#: The exit code of a process whose host breaks the protocol, or whose plugin has closed the socket.
PROTOCOL_EXIT = 76


class Channel:
    """A channel that sends whole frames."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._owner = 0
        #: Frames that this thread sent while it was sending: a finalizer may print between any two steps.
        self._late: list[bytes] = []

    def send(self, frames: bytes) -> None:
        """Sends whole frames. If the host has closed the socket, they are dropped: the reading thread detects that.

        Raises:
            KeyboardInterrupt: The call of this thread is to stop. The frames have been sent, or none of them.
        """
        thread = threading.get_ident()
        if self._owner == thread:
            self._late.append(frames)
            return
        guard = guards.current.guard
        if guard is not None:
            guard.enter()
        try:
            with self._lock:
                self._owner = thread
                try:
                    self._write(frames)
                    while self._late:
                        self._write(self._late.pop(0))
                finally:
                    self._owner = 0
        finally:
            if guard is not None:
                guard.leave()

    def _write(self, frames: bytes) -> None:
        rest = memoryview(frames)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            # The host has closed the socket, or this process is a child of the worker and has none.
            if error.errno == errno.EBADF and os.getpid() == self._process:
                # The plugin has closed all descriptors. Its calls could never end.
                os._exit(PROTOCOL_EXIT)
