"""The syntax trees of the plugin's files, which show how a default is written."""

from __future__ import annotations

import ast
import enum
import sys
import types
from collections.abc import Mapping
from typing import Any, Optional, Union

Function = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]


class Sources:
    """The syntax trees of some files, by path."""

    def __init__(self) -> None:
        self._trees: dict[str, ast.Module] = {}
        self._functions: dict[tuple[str, int, str], Function] = {}
        self._classes: dict[tuple[str, str], ast.ClassDef] = {}
        #: The classes with a name, which may be in several modules.
        self._named_classes: dict[str, list[tuple[str, ast.ClassDef]]] = {}

    def add(self, path: str, module: str, tree: ast.Module) -> None:
        """Adds the tree of a module."""
        self._trees[module] = tree
        waiting: list[tuple[ast.AST, str]] = [(tree, "")]
        while waiting:
            node, prefix = waiting.pop()
            for child in ast.iter_child_nodes(node):
                inner = prefix
                if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    lines = [child.lineno, *(decorator.lineno for decorator in child.decorator_list)]
                    self._functions.setdefault((path, min(lines), child.name), child)
                    inner = f"{prefix}{child.name}.<locals>."
                elif isinstance(child, ast.Lambda):
                    self._functions.setdefault((path, child.lineno, "<lambda>"), child)
                elif isinstance(child, ast.ClassDef):
                    self._classes[module, prefix + child.name] = child
                    self._named_classes.setdefault(child.name, []).append((module, child))
                    inner = f"{prefix}{child.name}."
                waiting.append((child, inner))

    def imported_names(self, module: str) -> set[str]:
        """Returns the names that imports at the top level of a module bind."""
        names: set[str] = set()
        for node in self._top_level(module):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        return names

    def defined_names(self, module: str) -> set[str]:
        """Returns the names of the functions that a module defines at its top level."""
        return {
            node.name for node in self._top_level(module) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        }

    def _top_level(self, module: str) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        tree = self._trees.get(module)
        waiting: list[ast.AST] = list(tree.body) if tree else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.stmt):
                result.append(node)
            # Statements inside if, try and with belong to the top level as well.
            if isinstance(node, (ast.If, ast.Try, ast.With, ast.ExceptHandler, ast.For, ast.While)):
                waiting += [
                    child for child in ast.iter_child_nodes(node) if isinstance(child, (ast.stmt, ast.excepthandler))
                ]
        return result

    # ---- Defaults --------------------------------------------------------------------------------------------------

    def literal_defaults(self, function: Any) -> dict[str, Any]:
        """Returns the defaults of a function that are written as literals or as members of an enumeration."""
        code = getattr(function, "__code__", None)
        if not isinstance(code, types.CodeType):
            return {}
        node = self._functions.get((code.co_filename, code.co_firstlineno, code.co_name))
        if node is None:
            return {}
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults))
        pairs += [
            (name, value) for name, value in zip(arguments.kwonlyargs, arguments.kw_defaults) if value is not None
        ]
        return self._values({name.arg: value for name, value in pairs}, function.__globals__)

    def literal_fields(self, cls: type) -> dict[str, Any]:
        """Returns the defaults of a class's fields that are written as literals or as members of an enumeration."""
        result: dict[str, Any] = {}
        for base in reversed(cls.__mro__):
            node = self._classes.get((base.__module__, base.__qualname__))
            for name, value in _assignments(node) if node else []:
                result.pop(name, None)
                if value is not None:
                    result.update(self._values({name: value}, _names(base.__module__)))
        return result

    def has_literal_field(self, class_name: str, field: str) -> bool:
        """Returns true if each class with a name writes the default of a field as a literal, itself or in a base."""
        seen: set[str] = set()
        waiting = [class_name]
        found = False
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for module, node in self._named_classes.get(name, []):
                values = [value for assigned, value in _assignments(node) if assigned == field]
                if not values:
                    waiting += [base.id for base in node.bases if isinstance(base, ast.Name)]
                elif values[-1] is None or not _literal(values[-1], _names(module)):
                    return False
                else:
                    found = True
        return found

    @staticmethod
    def _values(expressions: Mapping[str, ast.expr], names: Mapping[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, expression in expressions.items():
            found = _literal(expression, names)
            if found:
                result[name] = found[0]
        return result


def _assignments(node: ast.ClassDef) -> list[tuple[str, Optional[ast.expr]]]:
    """Returns the annotated names of a class with their values."""
    return [
        (statement.target.id, statement.value)
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    ]


def _names(module: str) -> Mapping[str, Any]:
    return vars(sys.modules[module]) if module in sys.modules else {}


def _literal(expression: ast.expr, names: Mapping[str, Any]) -> list[Any]:
    """Returns a list of the value of a literal or of an enumeration's member, or an empty list."""
    try:
        return [ast.literal_eval(expression)]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        pass
    if isinstance(expression, ast.Call) and isinstance(expression.func, (ast.Name, ast.Attribute)):
        # The functions of dataclasses, pydantic, msgspec and attrs that describe a field.
        name = expression.func.id if isinstance(expression.func, ast.Name) else expression.func.attr
        given = [keyword.value for keyword in expression.keywords if keyword.arg == "default"] or expression.args[:1]
        return _literal(given[0], names) if name in ("Field", "field", "ib", "attrib") and given else []
    parts: list[str] = []
    node: Optional[ast.expr] = expression
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not parts or not isinstance(node, ast.Name):
        return []
    value = names.get(node.id)
    for part in parts:
        # Only modules and classes are looked into: an attribute of an object may be computed.
        if isinstance(value, (types.ModuleType, type)):
            value = vars(value).get(part) if not isinstance(value, enum.EnumMeta) else value.__members__.get(part)
        else:
            return []
    return [value] if isinstance(value, enum.Enum) else []
