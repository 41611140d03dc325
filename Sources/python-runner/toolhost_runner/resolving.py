"""The look-up of host names, which the host does for its plugins: they have no sockets for it."""

from __future__ import annotations

import threading
from typing import Any, Callable, Optional

from . import frames
from .channel import Channel

#: The host kills a process with more open questions.
MAXIMUM_QUESTIONS = 16
_NUMERIC_HOST = 4


class Questions:
    """The questions that wait for the host's replies."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._places = threading.Semaphore(MAXIMUM_QUESTIONS)
        self._lock = threading.Lock()
        self._last = 0
        self._waiting: dict[int, tuple[threading.Event, list[str]]] = {}
        #: True if the host answers, which it says once the plugin has registered.
        self.may_ask = False

    def addresses(self, name: str) -> list[str]:
        """Returns the numeric addresses of a host name. Blocks the calling thread."""
        # An interrupted question keeps its place until its reply has come: the host counts it until then.
        self._places.acquire()
        event, addresses = threading.Event(), list[str]()
        with self._lock:
            self._last += 1
            number = self._last
            self._waiting[number] = event, addresses
        self._channel.send(frames.frame(frames.RESOLVE, number, frames.text_block(name, frames.NAME)))
        event.wait()
        return addresses

    def handle_reply(self, number: int, payload: bytes) -> None:
        """Handles the host's reply; one to an unknown question is ignored."""
        reader = frames.Reader(payload)
        _, count = reader.integers("BI")
        addresses = [reader.text() for _ in range(count)]
        with self._lock:
            event, reply = self._waiting.pop(number, (None, []))
        if event is not None:
            reply += addresses
            self._places.release()
            event.set()


def install(questions: Questions, has_network: bool) -> None:
    """Replaces the functions of the module socket that look names up."""
    import _socket

    original: Callable[..., list[Any]] = _socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> list[Any]:
        if host is None or not len(host) or flags & _NUMERIC_HOST:
            return original(host, port, family, type, proto, flags)
        try:
            return original(host, port, family, type, proto, flags | _NUMERIC_HOST)
        except _socket.gaierror as error:
            if error.args[0] != _socket.EAI_NONAME:
                raise
        results: list[Any] = []
        for address in lookup(host):
            try:
                results += original(address, port, family, type, proto, flags | _NUMERIC_HOST)
            except _socket.gaierror as error:  # An address of another family.
                if error.args[0] not in (_socket.EAI_NONAME, _socket.EAI_FAMILY, -9):
                    raise
        if not results:
            raise _socket.gaierror(_socket.EAI_NONAME, "Name or service not known")
        return results

    def lookup(host: Any) -> list[str]:
        if not has_network:
            raise PermissionError("no port is granted to this plugin")
        if not questions.may_ask:
            raise _socket.gaierror(_socket.EAI_AGAIN, "Names can be looked up in calls only")
        name = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else host.encode("idna").decode()
        if len(name) > frames.NAME - 1:
            return []
        return questions.addresses(name)

    def first(host: str) -> Optional[str]:
        return next((info[4][0] for info in getaddrinfo(host, 0, _socket.AF_INET)), None)

    def gethostbyname(host: str) -> str:
        return first(host) or ""

    def gethostbyname_ex(host: str) -> tuple[str, list[str], list[str]]:
        infos = getaddrinfo(host, 0, _socket.AF_INET, _socket.SOCK_STREAM)
        return host, [], [info[4][0] for info in infos]

    # The module socket takes the functions from here when it is imported.
    for function in (getaddrinfo, gethostbyname, gethostbyname_ex):
        setattr(_socket, function.__name__, function)
