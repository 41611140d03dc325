"""The registration of a plugin: its tools, or the reason why it has none."""

from __future__ import annotations

import json
from collections.abc import Callable

from . import frames
from .loading import LoadError, PluginFiles, read_file
from .options import Options
from .signatures import SignatureReader
from .tools import Tool, ToolReader

_MANIFEST_BYTES = 64 << 10
#: The largest size of all schemas together.
_TOTAL_BYTES = 16 << 20
_MAXIMUM_WARNINGS = 100
_DESCRIPTION_LENGTH = 8 << 10


class Registration:
    """The tools of a plugin, and the message that registers them."""

    def __init__(self, options: Options, did_load: Callable[[], None]) -> None:
        """Loads the plugin.

        Args:
            options: The options of the runner.
            did_load: Called when the plugin's module has run.

        Raises:
            LoadError: The plugin cannot be used.
        """
        files = PluginFiles([read_file(file) for file in options.files], options.known_names, options.interpreter)
        module = files.load()
        did_load()
        self._warnings: list[str] = []
        reader = ToolReader(
            module,
            SignatureReader(files.sources, self._warnings.append),
            set(files.parts),
            options.is_concurrent,
            options.timeout,
        )
        self.tools: list[Tool] = reader.read(
            files.sources.imported_names(files.name), files.sources.defined_names(files.name)
        )
        self._name, self._description = files.name, module.__doc__ or ""
        self._schemas = [self._schema(tool, options.schema_bytes) for tool in self.tools]
        if all(tool.fault for tool in self.tools):
            reasons = " ".join(f"{tool.name}: {tool.fault}" for tool in self.tools)
            raise LoadError("invalidTool", f"It has no tool. {reasons or _ADVICE}")
        if sum(map(len, self._schemas)) > _TOTAL_BYTES:
            raise LoadError("invalidTool", f"Its schemas have more than {_TOTAL_BYTES} bytes together.")

    @staticmethod
    def _schema(tool: Tool, limit: int) -> bytes:
        """Returns the schema of a tool as JSON. A tool whose schema cannot be written gets a fault."""
        try:
            schema = json.dumps(tool.schema, ensure_ascii=False, allow_nan=False).encode()
            if len(schema) <= limit:
                return schema
            tool.fault = f"Its schema has {len(schema)} bytes; at most {limit} are taken."
        except (ValueError, TypeError, RecursionError) as error:
            tool.fault = f"Its schema has no form in JSON: {error}."
        return json.dumps({"name": tool.name}).encode()

    def message(self) -> bytes:
        """Returns the frames that register the tools."""
        entries = [(schema, tool.fault, tool.is_concurrent) for schema, tool in zip(self._schemas, self.tools)]
        return frames.registration(self._manifest(), entries)

    def _manifest(self) -> bytes:
        manifest: dict[str, object] = {"name": self._name}
        if self._description.strip():
            manifest["description"] = self._description.strip()[:_DESCRIPTION_LENGTH]
        if self._warnings:
            manifest["warnings"] = [warning[:1000] for warning in self._warnings[:_MAXIMUM_WARNINGS]]
        content = _json(manifest)
        for member in ("warnings", "description"):
            if len(content) > _MANIFEST_BYTES:
                manifest.pop(member, None)
                content = _json(manifest)
        return content


def _json(value: object) -> bytes:
    return frames.encoded(json.dumps(value, ensure_ascii=False))


_ADVICE = "A function that the file defines is one, unless its name begins with an underscore."
