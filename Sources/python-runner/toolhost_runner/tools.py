"""The choice of a module's functions and objects that become tools."""

from __future__ import annotations

import inspect
import re
import types
from typing import Any, Optional

from .definitions import Schema
from .examples import with_examples
from .objects import is_tool_object, object_tool
from .schema import function_schema
from .signatures import Signature, SignatureReader, Unusable, docstring, underlying

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
#: The largest number of tools of a plugin.
MAXIMUM_TOOLS = 1024


class Tool:
    """A function or object that a host can call.

    With a fault, it is reported to the host and never called.
    """

    def __init__(self, schema: Schema, fault: str = "") -> None:
        self.schema, self.fault = schema, fault
        self.name: str = schema["name"]
        #: The function, or the ``execute`` of an object.
        self.function: Any = None
        self.signature: Optional[Signature] = None
        #: True if arguments become Python values; false if they are passed as they come.
        self.converts = True
        self.is_object = False
        self.is_async = False
        self.is_concurrent = False


class ToolReader:
    """A reader of the tools of one module."""

    def __init__(
        self,
        module: types.ModuleType,
        reader: SignatureReader,
        parts: set[str],
        is_concurrent: bool = False,
        timeout: Optional[float] = None,
    ) -> None:
        """Creates a reader.

        Args:
            module: The plugin's module, which has run.
            reader: The reader of signatures.
            parts: The names of the plugin's modules.
            is_concurrent: True if plain functions run beside others, unless they say something else.
            timeout: The timeout of each tool in seconds, unless it says something else.
        """
        self._module, self._reader, self._parts = module, reader, parts
        self._is_concurrent, self._timeout = is_concurrent, timeout
        self._tools: list[Tool] = []
        self._seen: set[int] = set()
        #: Sentences about names that do not become tools.
        self.warnings: list[str] = []

    def read(self, imported: set[str], defined: set[str]) -> list[Tool]:
        """Returns the tools, in the order of the module or of its ``__all__``.

        Args:
            imported: The names that imports of the module bind.
            defined: The names of the functions that the module defines.
        """
        members = vars(self._module)
        exported = members.get("__all__")
        if isinstance(exported, (list, tuple)):
            for name in exported[:MAXIMUM_TOOLS]:
                if not isinstance(name, str) or name not in members:
                    self._add_fault(str(name)[:64], f"__all__ names {str(name)[:64]}, which the module does not have.")
                else:
                    self._take_exported(name, members[name])
            return self._tools
        instances = {type(value) for value in members.values() if is_tool_object(value)}
        for name, value in list(members.items()):
            if name.startswith("_"):
                continue
            if is_tool_object(value):
                if name not in imported and self._is_own_object(value):
                    self._add_object(name, value)
            elif isinstance(value, type):
                if value.__module__ == self._module.__name__ and value not in instances:
                    self._take_class(name, value)
            elif self._is_own_function(value):
                self._add_function(name, value)
            elif name in defined and callable(value):
                self._add_fault(
                    name,
                    f"{name} was replaced by its decorator, which does not use functools.wraps: name it in __all__.",
                )
            if len(self._tools) >= MAXIMUM_TOOLS:
                break
        return self._tools

    # ---- The choice ------------------------------------------------------------------------------------------------

    def _take_exported(self, name: str, value: Any) -> None:
        if is_tool_object(value):
            self._add_object(name, value)
        elif isinstance(value, type):
            if callable(getattr(value, "execute", None)):
                self._take_class(name, value, is_exported=True)
        elif inspect.ismodule(value) or not callable(value):
            return
        else:
            self._add_function(name, value)

    def _is_own_object(self, value: Any) -> bool:
        execute = getattr(type(value), "execute", None)
        if not inspect.isroutine(execute) or inspect.isbuiltin(execute) or inspect.ismethoddescriptor(execute):
            return False  # Such as a connection of sqlite3.
        return callable(getattr(value, "get_schema", None)) or type(value).__module__ in self._parts

    def _is_own_function(self, value: Any) -> bool:
        if not callable(value) or inspect.isbuiltin(value):
            return False
        is_function = isinstance(value, (types.FunctionType, types.MethodType)) or hasattr(value, "__wrapped__")
        return is_function and getattr(value, "__module__", None) == self._module.__name__

    def _take_class(self, name: str, cls: type, is_exported: bool = False) -> None:
        execute = getattr(cls, "execute", None)
        if not inspect.isfunction(execute) or inspect.isabstract(cls):
            return
        if not is_exported and (cls.__name__.startswith("Base") or getattr(cls, "_is_protocol", False)):
            return
        missing = required_parameters(cls)
        if missing:
            self._add_fault(
                name,
                f"its class {cls.__name__} needs {', '.join(missing)[:200]}: make an object of it, and give "
                "that a name in the file",
            )
            return
        try:
            value = cls()
        except Exception as error:
            self._add_fault(name, f"its class {cls.__name__} cannot be made: {type(error).__name__}: {error}")
            return
        self._add_object(name, value)

    # ---- The tools -------------------------------------------------------------------------------------------------

    def _add_function(self, name: str, function: Any) -> None:
        if id(function) in self._seen:
            return
        self._seen.add(id(function))
        own = own_members(function)
        try:
            check_name(name)
            signature = self._reader.read(function, name)
            schema = function_schema(name, signature, self._own_schema(own))
        except Unusable as error:
            self._add_fault(name, str(error))
            return
        except Exception as error:  # A library's own code may run while a schema is made.
            self._add_fault(name, f"its schema cannot be made: {type(error).__name__}: {error}")
            return
        tool = Tool(with_examples(schema, docstring(function), name, signature))
        tool.function, tool.signature = function, signature
        self._finish(tool, underlying(function), own)

    def _add_object(self, name: str, value: Any) -> None:
        if id(value) in self._seen:
            return
        self._seen.add(id(value))
        own = own_members(value)
        try:
            schema, signature, converts = object_tool(value, self._reader, self._own_schema(own))
            check_name(schema["name"])
        except Unusable as error:
            self._add_fault(name, str(error))
            return
        except Exception as error:
            self._add_fault(name, f"its schema cannot be made: {type(error).__name__}: {error}")
            return
        tool = Tool(schema)
        tool.function, tool.signature, tool.converts, tool.is_object = value.execute, signature, converts, True
        self._finish(tool, underlying(value.execute), own)

    def _finish(self, tool: Tool, written: Any, own: dict[str, Any]) -> None:
        tool.is_async = any(
            inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
            for function in (written, tool.function)
        )
        is_concurrent = own.get("concurrent", self._is_concurrent)
        tool.is_concurrent = tool.is_async or is_concurrent is True
        self._tools.append(tool)

    def _own_schema(self, own: dict[str, Any]) -> dict[str, Any]:
        return {"timeout": self._timeout, **own} if self._timeout is not None else own

    def _add_fault(self, name: str, reason: str) -> None:
        sentence = reason[:1].upper() + reason[1:]
        self._tools.append(Tool({"name": name}, sentence if sentence.endswith(".") else sentence + "."))


def own_members(value: Any) -> dict[str, Any]:
    """Returns what a function or object says to the host, in its attribute ``toolhost``."""
    for candidate in (value, getattr(value, "__func__", None)):
        own = getattr(candidate, "toolhost", None)
        if isinstance(own, dict):
            return dict(own)
    return {}


def check_name(name: str) -> None:
    """Raises ``Unusable`` for a name that a tool cannot have."""
    if not _NAME.fullmatch(name):
        raise Unusable(
            f"its name {name[:80]} must be a letter or underscore, then at most 63 letters, digits and underscores"
        )


def required_parameters(cls: type) -> list[str]:
    """Returns the names of the parameters that a class cannot be made without."""
    try:
        parameters = inspect.signature(cls).parameters.values()
    except (ValueError, TypeError):
        return []
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [
        parameter.name
        for parameter in parameters
        if parameter.default is inspect.Parameter.empty and parameter.kind not in variadic
    ]
