"""Interruptions of calls on threads, which wait while the thread sends a frame."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType
from typing import Any, Optional, Protocol

# The function that signal.signal wraps. It is called for each call, and the conversions of the other one take long.
_set_handler: Any = getattr(sys.modules.get("_signal"), "signal", signal.signal)


class Interruptible(Protocol):
    """A call that can be cancelled."""

    is_cancelled: bool


class Guard:
    """The interruptions of one thread."""

    def enter(self) -> None:
        """Lets interruptions wait."""

    def leave(self) -> None:
        """Ends the wait, and raises an interruption that came meanwhile."""


class Lane(Guard):
    """The calls on the main thread, one at a time, which a signal interrupts.

    A signal may arrive between any two steps. Therefore the handler takes the current call away before it raises, so
    that each call sees at most one exception.
    """

    #: The time in seconds for which a signal waits for the message that cancels the call. The message is sent first,
    #: but the thread that reads it may not have run since.
    PATIENCE = 0.25

    def __init__(self) -> None:
        self.current: Optional[Interruptible] = None
        self._thread = threading.main_thread().ident or 0
        self._depth = 0
        self._is_pending = False

    def install(self) -> None:
        """Takes over the signal. Must be called on the main thread."""
        _set_handler(int(signal.SIGINT), self._handle)

    def interrupt(self, call: Interruptible) -> None:
        """Interrupts a cancelled call, if it has begun. Called on the thread that reads messages."""
        if self.current is call:
            signal.pthread_kill(self._thread, signal.SIGINT)

    def _handle(self, number: int, frame: Optional[FrameType]) -> None:
        call = self.current
        if call is None:
            return
        end = time.monotonic() + self.PATIENCE
        while not call.is_cancelled and time.monotonic() < end:
            # The reading thread runs meanwhile.
            time.sleep(0.0005)
        # A signal that arrived during the wait may have been handled already.
        if not call.is_cancelled or self.current is not call:
            return
        if self._depth:
            self._is_pending = True
        else:
            self.current = None
            raise KeyboardInterrupt

    def enter(self) -> None:
        self._depth += 1

    def leave(self) -> None:
        self._depth -= 1
        if self._is_pending and not self._depth:
            self._is_pending = False
            if self.current is not None:
                self.current = None
                raise KeyboardInterrupt


class ThreadGuard(Guard):
    """The interruption of a call on a thread of its own, at most one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread = threading.get_ident()
        self._depth = 0
        self._is_open = True
        #: True if the exception has been set, and may not have been raised yet.
        self._is_set = False
        self._is_pending = False

    def interrupt(self) -> None:
        """Interrupts the call, unless it is over. Called on the thread that reads messages."""
        with self._lock:
            if not self._is_open or self._is_set:
                return
            if self._depth:
                self._is_pending = True
            else:
                self._is_set = _set_exception(self._thread, KeyboardInterrupt)

    def enter(self) -> None:
        with self._lock:
            must_raise = self._is_set and self._is_open
            if not must_raise:
                self._depth += 1
        if must_raise:
            # It must not arrive while the frame is sent.
            _set_exception(self._thread, None)
            raise KeyboardInterrupt

    def leave(self) -> None:
        with self._lock:
            self._depth -= 1
            must_raise = self._is_pending and self._is_open and not self._depth
            if must_raise:
                self._is_pending, self._is_set = False, True
        if must_raise:
            raise KeyboardInterrupt

    def close(self) -> None:
        """Ends the interruptions, because the call is over."""
        with self._lock:
            self._is_open = False
            if self._is_set:
                _set_exception(self._thread, None)


def _set_exception(thread: int, exception: Optional[type[BaseException]]) -> bool:
    """Sets the exception that a thread raises next, or takes it back; returns false if that is not possible."""
    try:
        import ctypes  # Takes several milliseconds, and is missing in minimal interpreters.
    except ImportError:
        return False
    value = ctypes.py_object(exception) if exception else None
    return bool(ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), value))


class _Current(threading.local):
    guard: Optional[Guard] = None


#: The guard of the running thread.
current = _Current()
