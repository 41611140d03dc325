"""The arguments of the runner's command line, which a worker process of toolhost makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional


class Options:
    """The options and files of the runner."""

    def __init__(self, arguments: Sequence[str]) -> None:
        """Reads the arguments after the script.

        Raises:
            ValueError: They cannot be used.
        """
        self.schema_bytes = 1 << 20
        self.is_concurrent = False
        self.has_network = False
        self.timeout: Optional[float] = None
        self.registration_timeout: Optional[float] = None
        self.interpreter = ""
        self.known_names: list[str] = []
        rest = list(arguments)
        while rest and rest[0].startswith("--"):
            name = rest.pop(0)
            if name == "--concurrent":
                self.is_concurrent = True
            elif name == "--network":
                self.has_network = True
            elif not rest:
                raise ValueError(f"{name} needs a value")
            elif name == "--schema-bytes":
                self.schema_bytes = int(rest.pop(0))
            elif name == "--timeout":
                self.timeout = float(rest.pop(0))
            elif name == "--registration-timeout":
                self.registration_timeout = float(rest.pop(0))
            elif name == "--interpreter":
                self.interpreter = rest.pop(0)
            elif name == "--known-names":
                self.known_names = rest.pop(0).split(",")[:256]
            elif name == "--bytecode":
                rest.pop(0)  # The script has used it.
            else:
                raise ValueError(f"{name} is not an option")
        self.files = rest
