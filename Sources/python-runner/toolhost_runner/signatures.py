"""The parameters of a function: their schema, and the binding of a call's arguments to them."""

from __future__ import annotations

import functools
import inspect
import re
import sys
import typing
from typing import Any, Callable, Optional

from . import docstrings
from .classes import ClassReader
from .definitions import Definitions, Schema
from .metadata import constrained
from .records import Array, Constrained, Field, Record, object_schema
from .shapes import Mismatch, NoForm, Scalar, Shape, Union
from .sources import Sources
from .types import Scope, TypeReader, display, form_name

Parameter = inspect.Parameter
_EMPTY = Parameter.empty
#: The name of the annotation of a parameter that receives the context of the call.
CONTEXT_NAME = "ToolContext"
_CONTEXT = re.compile(rf"(?:[\w.]*\bOptional\[)?(?:\w+\.)*{CONTEXT_NAME}\]?(?:\|None)?")


class Unusable(Exception):
    """A function that cannot be a tool, with the reason as a sentence."""


class Argument:
    """A parameter of a function.

    Without a field, it receives the context of the call, or its default.
    """

    def __init__(self, parameter: Parameter, field: Optional[Field], is_context: bool = False) -> None:
        self.parameter, self.field, self.is_context = parameter, field, is_context
        # Stored, because these properties of a parameter take long to read.
        self.name, self.kind = parameter.name, parameter.kind
        #: Returns the default, if that of the function only describes it.
        self.default: Optional[Callable[[], Any]] = None


class Signature:
    """The parameters of a function as a tool has them."""

    def __init__(self, arguments: list[Argument], documentation: docstrings.Documentation) -> None:
        self.arguments, self.documentation = arguments, documentation
        #: The shape of other arguments, or None if there are none.
        self.others: Optional[Shape] = None
        fields = [argument.field for argument in arguments if argument.field]
        self.is_exact = any(field.shape.is_exact for field in fields)

    def fields(self) -> list[Field]:
        """Returns the members of the arguments, in order."""
        result: list[Field] = []
        for argument in self.arguments:
            if argument.field is None:
                continue
            if argument.parameter.kind is Parameter.VAR_KEYWORD:
                assert isinstance(argument.field.shape, Record)
                result += argument.field.shape.fields
            else:
                result.append(argument.field)
        return result

    def schema(self) -> Schema:
        """Returns the JSON Schema of the arguments."""
        definitions = Definitions()
        schema = object_schema(self.fields(), definitions)
        if self.others is not None:
            others = self.others.schema(definitions)
            if others:
                schema["additionalProperties"] = others
            else:
                del schema["additionalProperties"]
        return definitions.resolved(schema)

    def bind(self, values: dict[str, Any], context: Any) -> tuple[list[Any], dict[str, Any]]:
        """Returns the positional and the named arguments for a call.

        Args:
            values: The arguments of the call, as JSON values.
            context: The context of the call, for a parameter that asks for it.

        Raises:
            Exception: A value does not fit, or a constructor of the plugin rejects it.
        """
        rest = dict(values)
        positional: list[Any] = []
        named: dict[str, Any] = {}
        has_variadic = any(
            argument.kind is Parameter.VAR_POSITIONAL and rest.get(argument.name) for argument in self.arguments
        )
        for argument in self.arguments:
            if argument.kind is Parameter.VAR_KEYWORD:
                continue
            has_value, value = self._value(argument, rest, context)
            if argument.kind is Parameter.VAR_POSITIONAL:
                positional += value if has_value else []
            elif argument.kind is Parameter.POSITIONAL_ONLY or (
                has_variadic and argument.kind is Parameter.POSITIONAL_OR_KEYWORD
            ):
                # Later ones need their place, so a missing one is passed as its default.
                positional.append(value if has_value else argument.parameter.default)
            elif has_value:
                named[argument.name] = value
        named.update(self._others(rest))
        return positional, named

    @staticmethod
    def _value(argument: Argument, rest: dict[str, Any], context: Any) -> tuple[bool, Any]:
        name = argument.name
        if argument.is_context:
            return True, context
        if argument.field is None or name not in rest:
            if argument.field is not None and argument.field.is_required:
                raise Mismatch("a value", None, name)
            return (True, argument.default()) if argument.default else (False, None)
        try:
            return True, argument.field.shape.convert(rest.pop(name))
        except Mismatch as mismatch:
            raise mismatch.within(name) from None

    def _others(self, rest: dict[str, Any]) -> dict[str, Any]:
        for argument in self.arguments:
            if argument.kind is Parameter.VAR_KEYWORD and argument.field is not None:
                record = argument.field.shape.convert(rest)
                return dict(record)
        result = {}
        for name, value in rest.items():
            if self.others is None:
                raise Mismatch("no such argument", value, name)
            try:
                result[name] = self.others.convert(value)
            except Mismatch as mismatch:
                raise mismatch.within(name) from None
        return result


class SignatureReader:
    """A reader of the signatures of a plugin's functions."""

    def __init__(self, sources: Sources, warn: Callable[[str], None]) -> None:
        self._sources, self._warn = sources, warn
        self._classes = ClassReader(sources)

    def read(self, function: Any, name: str, documentation: Optional[str] = None) -> Signature:
        """Returns the signature of a function.

        Args:
            function: A function, a bound method or an object that can be called.
            name: The name for warnings.
            documentation: The docstring, or None for that of the function.

        Raises:
            Unusable: The function cannot be a tool.
        """
        try:
            signature = signature_of(function)
        except (ValueError, TypeError) as error:
            raise Unusable(f"its parameters are not known: {error}") from None
        parameters = list(signature.parameters.values())
        inner = underlying(function)
        scope = Scope(getattr(inner, "__globals__", {}), own_names(inner))
        reader = TypeReader(lambda sentence: self._warn(f"{name}: {sentence}"), self._classes.read)
        text = docstrings.read(
            docstring(function) if documentation is None else documentation,
            [parameter.name for parameter in parameters],
        )
        literals = self._sources.literal_defaults(inner)
        arguments: list[Argument] = []
        others: Optional[Shape] = None
        for parameter in parameters:
            if is_context(parameter.annotation):
                arguments.append(Argument(parameter, None, is_context=True))
                continue
            if parameter.kind is Parameter.VAR_KEYWORD:
                unpacked = self._unpacked(reader, parameter, scope)
                if unpacked is None:
                    others = self._shape(reader, parameter, scope)
                arguments.append(Argument(parameter, unpacked))
                continue
            argument = Argument(parameter, self._field(reader, parameter, scope, text, literals))
            if is_description(parameter.default):
                argument.default = functools.partial(parameter.default.get_default, call_default_factory=True)
            arguments.append(argument)
        result = Signature(arguments, text)
        result.others = others
        result.is_exact = result.is_exact or bool(others and others.is_exact)
        return result

    def _field(
        self,
        reader: TypeReader,
        parameter: Parameter,
        scope: Scope,
        text: docstrings.Documentation,
        literals: dict[str, Any],
    ) -> Optional[Field]:
        has_default = parameter.default is not _EMPTY
        if is_description(parameter.default):
            has_default = not parameter.default.is_required()
        is_variadic = parameter.kind is Parameter.VAR_POSITIONAL
        try:
            shape = self._shape(reader, parameter, scope)
        except Unusable:
            if has_default:
                return None
            raise
        if is_variadic:
            shape = Array(shape, list)
        description = (
            "" if isinstance(shape, Constrained) and shape.description else text.parameters.get(parameter.name, "")
        )
        field = Field(parameter.name, shape, not has_default and not is_variadic, description)
        if parameter.name in literals and has_default:
            try:
                field.default = [shape.encode(literals[parameter.name])]
            except NoForm:
                pass
        return field

    def _shape(self, reader: TypeReader, parameter: Parameter, scope: Scope) -> Shape:
        annotation = parameter.annotation
        if annotation is _EMPTY:
            return self._shape_of_default(reader, parameter.default, scope)
        try:
            shape = reader.read(annotation, scope, f"its parameter {parameter.name}")
        except NoForm:
            raise Unusable(f"its parameter {parameter.name}: {display(annotation)} has no form in JSON") from None
        if is_description(parameter.default):
            return constrained(shape, (parameter.default,))
        # An author who writes `x: int = None` means that it may be null.
        return or_null(shape) if parameter.default is None else shape

    @staticmethod
    def _shape_of_default(reader: TypeReader, default: Any, scope: Scope) -> Shape:
        """Returns the shape of a parameter without annotation: its default tells the type."""
        if isinstance(default, (bool, str)):
            return Scalar("boolean" if isinstance(default, bool) else "string")
        if isinstance(default, (int, float)) and type(default) in (int, float):
            return _AnyNumber()
        if type(default) in (list, tuple, dict) or hasattr(type(default), "__members__"):
            return reader.read(type(default), scope, "a default")
        return Shape()

    def _unpacked(self, reader: TypeReader, parameter: Parameter, scope: Scope) -> Optional[Field]:
        """Returns the members of ``**options: Unpack[SomeTypedDict]``."""
        annotation = parameter.annotation
        if isinstance(annotation, str) and "Unpack" in annotation:
            try:
                annotation = scope.evaluate(annotation)
            except Exception:  # The reader reports it.
                return None
        if form_name(typing.get_origin(annotation)) != "Unpack":
            return None
        shape = reader.read(typing.get_args(annotation)[0], scope, f"its parameter {parameter.name}")
        return Field(parameter.name, shape, False) if isinstance(shape, Record) else None


class _AnyNumber(Scalar):
    """A number of which nothing is known but its default."""

    def __init__(self) -> None:
        super().__init__("number")

    def convert(self, value: Any) -> Any:
        return value if type(value) is int else super().convert(value)


def is_description(default: Any) -> bool:
    """Returns true for a default that only describes the parameter: `x: int = Field(5, ge=1)` of pydantic."""
    return type(default).__name__ == "FieldInfo" and type(default).__module__.startswith("pydantic")


def or_null(shape: Shape) -> Shape:
    """Returns the shape of a value that may be null as well."""
    if isinstance(shape, Constrained):
        return Constrained(or_null(shape.inner), shape.limits, shape.description, shape.examples)
    members = shape.members if isinstance(shape, Union) else [shape]
    has_null = any(isinstance(member, Scalar) and member.kind == "null" for member in members)
    return shape if has_null else Union([*members, Scalar("null")])


def signature_of(function: Any) -> inspect.Signature:
    """Returns the signature of a function, with annotations that cannot be evaluated left as they are."""
    if sys.version_info >= (3, 14):
        import annotationlib

        return inspect.signature(function, annotation_format=annotationlib.Format.FORWARDREF)
    return inspect.signature(function)


def is_context(annotation: Any) -> bool:
    """Returns true for the annotation of a parameter that receives the context of the call.

    It is known by its name, so that a plugin needs no module of toolhost.
    """
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        return _CONTEXT.fullmatch(annotation.replace(" ", "").replace('"', "").replace("'", "")) is not None
    if form_name(typing.get_origin(annotation)) in ("Union", "UnionType"):
        return any(is_context(argument) for argument in typing.get_args(annotation))
    return isinstance(annotation, type) and annotation.__name__ == CONTEXT_NAME


def underlying(function: Any) -> Any:
    """Returns the function that was written: without decorators, bindings and partial arguments."""
    for _ in range(100):
        if isinstance(function, functools.partial):
            function = function.func
        elif hasattr(function, "__wrapped__"):
            function = function.__wrapped__
        elif inspect.ismethod(function):
            function = function.__func__
        elif not inspect.isroutine(function) and not isinstance(function, type) and hasattr(type(function), "__call__"):
            call = type(function).__call__
            if not inspect.isfunction(call):
                break
            function = call
        else:
            break
    return function


def own_names(function: Any) -> dict[str, Any]:
    """Returns the names that a function's annotations may use besides the module's: its type parameters and closure."""
    names = {parameter.__name__: parameter for parameter in getattr(function, "__type_params__", ())}
    closure = getattr(function, "__closure__", None)
    if closure:
        for name, cell in zip(function.__code__.co_freevars, closure):
            try:
                names[name] = cell.cell_contents
            except ValueError:  # The cell is still empty.
                continue
    return names


def docstring(function: Any) -> str:
    """Returns the docstring of a function, or that of its class if it is an object that can be called."""
    for value in (function, underlying(function)):
        text = getattr(value, "__doc__", None)
        if isinstance(value, functools.partial) or not isinstance(text, str):
            continue
        if inspect.isroutine(value) or "__doc__" in vars(type(value)) and not hasattr(type(value), "__members__"):
            return text
    return ""
