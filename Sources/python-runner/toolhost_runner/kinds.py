"""The test for instances of classes whose modules need not be imported."""

from __future__ import annotations

from typing import Any


def is_instance(value: Any, *names: str) -> bool:
    """Returns true for an instance of a class with one of some names, such as "decimal.Decimal", or of a subclass."""
    return any(f"{base.__module__}.{base.__qualname__}" in names for base in type(value).__mro__)


def is_decimal(value: Any) -> bool:
    """Returns true for a decimal number."""
    return is_instance(value, "decimal.Decimal")
