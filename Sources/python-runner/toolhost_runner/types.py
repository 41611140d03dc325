"""The reader of type annotations, which returns a shape for each type."""

from __future__ import annotations

import collections
import collections.abc as abc
import re
import sys
import typing
from collections.abc import Callable, Mapping
from typing import Any, Optional

from .metadata import constrained
from .records import Array, Map, Reference, Row
from .scalars import scalar_shape, subclass_shape
from .shapes import Choice, NoForm, Scalar, Shape, Text, Union

_ARRAYS: dict[Any, Callable[[list[Any]], Any]] = {
    list: list,
    abc.Sequence: list,
    abc.MutableSequence: list,
    abc.Iterable: list,
    abc.Collection: list,
    abc.Reversible: list,
    abc.Container: list,
    collections.deque: collections.deque,
}
_SETS: dict[Any, Callable[[list[Any]], Any]] = {
    set: set,
    frozenset: frozenset,
    abc.Set: frozenset,
    abc.MutableSet: set,
}
_MAPS: dict[Any, Callable[[dict[Any, Any]], Any]] = {
    dict: dict,
    abc.Mapping: dict,
    abc.MutableMapping: dict,
    collections.OrderedDict: collections.OrderedDict,
    collections.defaultdict: lambda items: collections.defaultdict(None, items),
    collections.Counter: collections.Counter,
}


class Scope:
    """The names that an annotation may use."""

    def __init__(
        self,
        names: Mapping[str, Any],
        own: Optional[Mapping[str, Any]] = None,
        variables: Optional[Mapping[Any, Any]] = None,
    ) -> None:
        self.names = names
        self.own = own or {}
        #: The types that take the place of type variables.
        self.variables = variables or {}

    def evaluate(self, text: str) -> Any:
        """Returns the value of an annotation that is written as a string."""
        return eval(compile(text.strip(), "<annotation>", "eval"), dict(self.names), dict(self.own))


def display(annotation: Any) -> str:
    """Returns an annotation as its author writes it."""
    if isinstance(annotation, str):
        return annotation
    if isinstance(annotation, type) and typing.get_origin(annotation) is None:
        return annotation.__qualname__.rpartition("<locals>.")[2]
    if isinstance(annotation, typing.ForwardRef):
        return annotation.__forward_arg__
    # The names without their modules.
    return re.sub(r"<class '([\w.]+)'>|\b(?:[A-Za-z_]\w*\.(?:<locals>\.)?)+(?=\w)", _last_name, repr(annotation))


def _last_name(match: re.Match[str]) -> str:
    return (match.group(1) or "").rpartition(".")[2]


def form_name(form: Any) -> str:
    """Returns the name of a special form of typing or typing_extensions, such as Literal."""
    return getattr(form, "_name", None) or getattr(form, "__name__", "") or ""


class TypeReader:
    """A reader of annotations.

    An annotation that cannot be evaluated is reported and taken as any value. A type without a form in JSON raises
    ``NoForm`` with the words of the annotation.
    """

    def __init__(self, warn: Callable[[str], None], read_class: Callable[..., Optional[Shape]]) -> None:
        """Creates a reader.

        Args:
            warn: Called with a sentence about each annotation that cannot be evaluated.
            read_class: Returns the shape of a class with fields or of an enumeration, or None for another class. Its
                arguments are the reader, the class, and the types that take the place of type variables.
        """
        self._warn, self._read_class = warn, read_class
        self._aliases: dict[int, Reference] = {}

    def read(self, annotation: Any, scope: Scope, place: str) -> Shape:
        """Returns the shape of an annotation.

        Args:
            annotation: A type, a special form of typing, or a string.
            scope: The names that strings in the annotation use.
            place: The words for the annotated thing in a warning: "its parameter x".
        """
        if isinstance(annotation, typing.ForwardRef):
            module = getattr(annotation, "__forward_module__", None)
            if isinstance(module, str) and module in sys.modules:
                scope = Scope(vars(sys.modules[module]), scope.own, scope.variables)
            annotation = annotation.__forward_arg__
        if isinstance(annotation, str):
            try:
                annotation = scope.evaluate(annotation)
            except Exception as error:
                self._warn(
                    f"The type {annotation[:100]} of {place} cannot be evaluated ({type(error).__name__}: "
                    f"{str(error)[:200]}), so any value is accepted."
                )
                return Shape()
        shape = scalar_shape(annotation)
        if shape is not None:
            return shape
        shape = self._read_form(annotation, scope, place)
        if shape is None:
            raise NoForm(display(annotation))
        return shape

    # ---- Special forms ---------------------------------------------------------------------------------------------

    def _read_form(self, annotation: Any, scope: Scope, place: str) -> Optional[Shape]:
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is None:
            return self._read_name(annotation, scope, place)
        form = form_name(origin)
        if form == "Literal":
            return Choice(
                [(value, value) if not hasattr(value, "_value_") else (value.value, value) for value in arguments]
            )
        if form in ("Union", "UnionType", "Optional"):
            return self._read_union(arguments, scope, place)
        if form == "Annotated" or hasattr(annotation, "__metadata__"):
            inner = self.read(annotation.__origin__, scope, place)
            return constrained(inner, annotation.__metadata__)
        if form in ("Required", "NotRequired", "ReadOnly", "Final", "ClassVar", "InitVar"):
            return self.read(arguments[0], scope, place)
        if hasattr(origin, "__value__"):
            variables = dict(zip(origin.__type_params__, arguments))
            return self._read_alias(annotation, origin, Scope(scope.names, scope.own, variables), place)
        return self._read_container(annotation, origin, arguments, scope, place) or self._read_class(
            self, origin, dict(zip(getattr(origin, "__parameters__", ()), arguments))
        )

    def _read_union(self, arguments: tuple[Any, ...], scope: Scope, place: str) -> Shape:
        members: list[Shape] = []
        for argument in arguments:
            shape = self.read(argument, scope, place)
            members += shape.members if isinstance(shape, Union) else [shape]
        return Union(members)

    def _read_container(
        self,
        annotation: Any,
        origin: Any,
        arguments: tuple[Any, ...],
        scope: Scope,
        place: str,
    ) -> Optional[Shape]:
        if origin is tuple:
            return self._read_tuple(annotation, arguments, scope, place)
        if origin is re.Pattern and arguments in ((), (str,)):
            return scalar_shape(re.Pattern)
        if not (origin in _ARRAYS or origin in _SETS or origin in _MAPS):
            return None
        element = self.read(arguments[0], scope, place) if arguments else Shape()
        if origin in _ARRAYS:
            return Array(element, _ARRAYS[origin])
        if origin in _SETS:
            return Array(element, _SETS[origin], uniqueItems=True)
        if origin is collections.Counter:
            arguments = (*arguments, int)
        value = self.read(arguments[1], scope, place) if len(arguments) > 1 else Shape()
        return Map(self._key(element, arguments), value, _MAPS[origin])

    @staticmethod
    def _key(shape: Shape, arguments: tuple[Any, ...]) -> Optional[Shape]:
        if type(shape) is Shape or isinstance(shape, Scalar) and shape.kind == "string" and arguments[0] is str:
            return None
        is_name = isinstance(shape, (Text, Scalar)) and getattr(shape, "kind", "string") in ("string", "integer")
        if not is_name and not (isinstance(shape, Choice) and all(isinstance(value, str) for value, _ in shape.pairs)):
            raise NoForm(f"a dictionary with keys of {display(arguments[0])}")
        return shape

    def _read_tuple(self, annotation: Any, arguments: tuple[Any, ...], scope: Scope, place: str) -> Shape:
        if annotation in (tuple, typing.Tuple):
            return Array(Shape(), tuple)
        if arguments[1:] == (...,):
            return Array(self.read(arguments[0], scope, place), tuple)
        if arguments == ((),):  # tuple[()] before 3.11.
            arguments = ()
        return Row([self.read(argument, scope, place) for argument in arguments])

    # ---- Names -----------------------------------------------------------------------------------------------------

    def _read_name(self, annotation: Any, scope: Scope, place: str) -> Optional[Shape]:
        if isinstance(annotation, typing.TypeVar):
            if annotation in scope.variables:
                return self.read(scope.variables[annotation], scope, place)
            if annotation.__constraints__:
                return self._read_union(annotation.__constraints__, scope, place)
            return self.read(annotation.__bound__, scope, place) if annotation.__bound__ else Shape()
        if hasattr(annotation, "__supertype__"):
            return self.read(annotation.__supertype__, scope, place)
        if hasattr(annotation, "__value__"):
            return self._read_alias(annotation, annotation, scope, place)
        if form_name(annotation) == "LiteralString":
            return Scalar("string")
        if not isinstance(annotation, type):
            return None
        return (
            self._read_container(annotation, annotation, (), scope, place)
            or self._read_class(self, annotation, {})
            or subclass_shape(annotation)
        )

    def _read_alias(self, annotation: Any, alias: Any, scope: Scope, place: str) -> Shape:
        key = id(annotation)
        if key not in self._aliases:
            reference = self._aliases[key] = Reference(alias.__name__)
            module = sys.modules.get(getattr(alias, "__module__", ""))
            inner = Scope(vars(module) if module else scope.names, scope.own, scope.variables)
            reference.target = self.read(alias.__value__, inner, place)
        return self._aliases[key]
