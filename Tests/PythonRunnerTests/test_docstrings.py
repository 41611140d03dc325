"""The reading of docstrings."""

from __future__ import annotations

import unittest

from support import Loaded, docstrings

CITY = "The name of the city"

#: A title, a docstring, the expected description, and the expected descriptions of the parameters city and unit.
ROWS: list[tuple[str, str, str, dict[str, str]]] = [
    ("one line", "Get it Args: city: The name of the city Returns: The temperature ", "Get it", {"city": CITY}),
    (
        "one line with two parameters",
        "Get it Args: city: The name of the city unit (str): C or F Returns: It",
        "Get it",
        {"city": CITY, "unit": "C or F"},
    ),
    ("one line without sections", "Get it", "Get it", {}),
    ("one line with a result only", "Get it Returns: The temperature", "Get it", {}),
    (
        "Google",
        """Get it.

    More about it: a lot.

    Args:
        city: The name
            of the city
        unit (str, optional): C or F: choose one.

    Returns:
        The temperature: a string.

    Raises:
        ValueError: If there is none.

    The end.
    """,
        "Get it.\n\nMore about it: a lot.\n\nThe end.",
        {"city": CITY, "unit": "C or F: choose one."},
    ),
    (
        "Google with another header",
        "Get it.\n\nArguments:\n    city: The name of the city\n",
        "Get it.",
        {"city": CITY},
    ),
    (
        "Google with keyword arguments",
        "Get it.\n\nKeyword Args:\n    city: The name of the city\n",
        "Get it.",
        {"city": CITY},
    ),
    (
        "Google with a parameter that does not exist",
        """Get it.

    Args:
        town: Not a parameter.
            More of it.
        city: The name of the city
    """,
        "Get it.",
        {"city": CITY},
    ),
    (
        "Google with colons in deeper lines",
        """Get it.

    Args:
        city: The name:
            unit: no entry
    """,
        "Get it.",
        {"city": "The name: unit: no entry"},
    ),
    (
        "Google with lines that are not indented further",
        """Get it.

    Args:
        city: The name
        of the city
        unit: C
    """,
        "Get it.",
        {"city": CITY, "unit": "C"},
    ),
    (
        "Google with entries at the margin",
        "Get it.\n\nArgs:\ncity: The name of the city\nunit: C\n\nThe end.",
        "Get it.\n\nThe end.",
        {"city": CITY, "unit": "C"},
    ),
    ("Google with examples and notes", "Get it.\n\nExample:\n    >>> f()\n    1\n\nNote:\n    Slow.\n", "Get it.", {}),
    (
        "Google with stars",
        "Get it.\n\nArgs:\n    *city: The name of the city\n    **unit: C\n",
        "Get it.",
        {"city": CITY, "unit": "C"},
    ),
    (
        "NumPy",
        """Get it.

    More.

    Parameters
    ----------
    city : str
        The name
        of the city
    unit : {'C', 'F'}, optional
        C: Celsius.
    town
        Not a parameter.

    Returns
    -------
    str
        The temperature.

    Notes
    -----
    Slow.
    """,
        "Get it.\n\nMore.",
        {"city": CITY, "unit": "C: Celsius."},
    ),
    (
        "NumPy with two names",
        "Get it.\n\nParameters\n----------\ncity, unit : str\n    A word\n",
        "Get it.",
        {"city": "A word", "unit": "A word"},
    ),
    ("NumPy with an unknown section", "Get it.\n\nDetails\n-------\nMore.\n", "Get it.\n\nDetails\n-------\nMore.", {}),
    (
        "Sphinx",
        """Get it.

    :param city: The name
        of the city
    :type city: str
    :param str unit: C or F
    :param town: Not a parameter.
    :returns: The temperature
        in degrees
    :raises ValueError: never
    """,
        "Get it.",
        {"city": CITY, "unit": "C or F"},
    ),
    (
        "Sphinx in one line",
        "Get it. :param city: The name of the city :returns: The temperature",
        "Get it.",
        {"city": CITY},
    ),
    (
        "Epytext",
        "Get it.\n@param city: The name of the city\n@param unit C or F\n@return: It\n",
        "Get it.",
        {"city": CITY, "unit": "C or F"},
    ),
    ("a text with colons", "Get it: now.\nunit: no section", "Get it: now.\nunit: no section", {}),
    ("no docstring", "", "", {}),
]


class DocstringTests(unittest.TestCase):
    def test_each_style_gives_the_description_and_the_parameters(self) -> None:
        for title, text, description, parameters in ROWS:
            with self.subTest(title=title):
                result = docstrings.read(text, ["city", "unit"])
                self.assertEqual(result.text, description)
                self.assertEqual(result.parameters, parameters)

    def test_parameters_that_are_named_like_sections_have_their_description(self) -> None:
        result = docstrings.read(
            "Do it.\n\nArgs:\n    args: The arguments.\n    returns: The results.\n", ["args", "returns"]
        )
        self.assertEqual(result.parameters, {"args": "The arguments.", "returns": "The results."})

    def test_a_long_docstring_takes_little_time(self) -> None:
        for piece in ("(" * 10, "city: ", "city (", ":param ", "Args: city: x ", "\n    a:\n", "---\n", " "):
            with self.subTest(piece=piece):
                docstrings.read(piece * (docstrings.MAXIMUM_LENGTH // len(piece) * 2), ["city"])

    def test_an_annotation_wins_over_the_docstring(self) -> None:
        tool = Loaded('''
            from typing import Annotated
            def f(city: Annotated[str, "Its name"], unit: str = "C"):
                """Get it.

                Args:
                    city: The name of the city.
                    unit: C or F.
                """
            ''').tool()
        properties = tool.schema["parameters"]["properties"]
        self.assertEqual(properties["city"]["description"], "Its name")
        self.assertEqual(properties["unit"]["description"], "C or F.")

    def test_examples_of_a_docstring_become_examples_of_the_tool(self) -> None:
        tool = Loaded('''
            def f(a: int, b: int = 2):
                """Add.

                >>> f(1)
                3
                >>> f(1, b=[5][0])
                6
                >>> x = f(1)
                >>> f(-1, b=5)
                4
                """
                return a + b
            ''').tool()
        self.assertEqual(
            tool.schema["toolhost"],
            {"examples": [{"arguments": {"a": 1}, "result": 3}, {"arguments": {"a": -1, "b": 5}, "result": 4}]},
        )


if __name__ == "__main__":
    unittest.main()
