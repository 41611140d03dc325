"""The registration of a plugin, and the surroundings of its code, in a real process."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from harness import RUNNER, Host


class RegistrationTests(unittest.TestCase):
    def test_faults_and_warnings_are_registered(self) -> None:
        with Host(
            '''
            """The weather."""
            from typing import Callable
            def f(x: "Missing"): pass
            def g(cb: Callable): pass
            async def h(): pass
            ''',
            options=("--timeout", "5"),
        ) as host:
            self.assertEqual(host.manifest["name"], "plugin")
            self.assertEqual(host.manifest["description"], "The weather.")
            self.assertEqual(len(host.manifest["warnings"]), 1)
            self.assertEqual(
                [(schema["name"], fault, concurrent) for schema, fault, concurrent in host.tools],
                [("f", "", False), ("g", "Its parameter cb: Callable has no form in JSON.", False), ("h", "", True)],
            )
            self.assertEqual(host.tools[0][0]["toolhost"], {"timeout": 5.0})

    def test_a_plugin_that_cannot_be_used_is_refused_with_its_reason(self) -> None:
        rows: list[tuple[str, str | bytes, str, str]] = [
            ("no tool", "x = 1", "invalidTool", "It has no tool."),
            ("only faults", "def f(x: open): pass", "invalidTool", "It has no tool. f: Its parameter x: "),
            ("syntax", "def f(:", "notLoadable", "It is not valid Python: invalid syntax (line 1)."),
            ("not UTF-8", b"\xff", "notLoadable", "It is not UTF-8: line 1."),
            (
                "exit",
                "import sys\nsys.exit(2)",
                "notLoadable",
                "It ended itself with 2 while it was loaded, in line 2.",
            ),
            (
                "exit of a constructor",
                "import sys\nclass T:\n    def __init__(self): sys.exit(3)\n    def execute(self): pass",
                "notLoadable",
                "It failed while its tools were read: The tool ended itself with 3.",
            ),
            ("exception", "1 / 0", "notLoadable", "It failed while it was loaded, in line 1: ZeroDivisionError"),
            (
                "package",
                "import no_such_package",
                "notLoadable",
                "It needs the package no_such_package, which /usr/bin/python does not have.",
            ),
            (
                "socket",
                "import socket\nsocket.getaddrinfo('localhost.invalid', 80)",
                "notLoadable",
                "It failed while it was loaded, in line 2: PermissionError: no port is granted to this plugin.",
            ),
        ]
        for title, source, code, words in rows:
            with self.subTest(title=title), Host(source, options=("--interpreter", "/usr/bin/python")) as host:
                assert host.refusal is not None
                self.assertEqual(host.refusal[0], code)
                self.assertTrue(host.refusal[1].startswith(words), host.refusal[1])
                self.assertEqual(host.close(), 0)

    def test_the_traceback_of_an_import_begins_with_the_frames_of_the_plugin(self) -> None:
        with Host("def load(): import no_such_package\nload()") as host:
            lines = host.logs[-1][1].splitlines()
            self.assertEqual(lines[0], "Traceback (most recent call last):")
            self.assertIn("plugin.py", lines[1])
            self.assertEqual(lines[-1], "ModuleNotFoundError: No module named 'no_such_package'")

    def test_schemas_that_are_too_large_or_no_json_are_faults(self) -> None:
        with Host(
            """
            def f(a): pass
            f.__doc__ = "x" * 2000
            def g(a): pass
            g.toolhost = {"examples": [float("nan")]}
            def h(): pass
            """,
            options=("--schema-bytes", "1000"),
        ) as host:
            faults = [fault for _, fault, _ in host.tools]
            self.assertIn("at most 1000 are taken", faults[0])
            self.assertIn("Its schema has no form in JSON", faults[1])
            self.assertEqual(faults[2], "")

    def test_the_last_output_names_the_line_of_an_endless_import(self) -> None:
        with Host(
            "x = 1\nimport os\nimport time\nos.write(1, b'.')\ntime.sleep(1.5)\ndef f(): pass\n",
            options=("--registration-timeout", "0.5"),
        ) as host:
            host.close()
            self.assertIn('File "/plugins/plugin.py", line 5 in <module>', host.output())

    def test_modules_of_the_folder_come_from_the_files_alone(self) -> None:
        with Host(
            "import _helpers\nfrom pack import inner\ndef f(): return _helpers.one() + inner.two",
            {"_helpers.py": "def one(): return 1", "pack/__init__.py": "", "pack/inner.py": "two = 2"},
        ) as host:
            self.assertEqual(host.call("f").value, 3)

    def test_names_of_the_standard_library_and_of_the_runner_do_not_collide(self) -> None:
        for name in ("json.py", "asyncio.py", "schema.py", "runner.py", "toolhost_runner.py", "frames.py"):
            with (
                self.subTest(name=name),
                Host(
                    "import json, asyncio\nimport frames\n"
                    "async def f():\n    await asyncio.sleep(0)\n    return json.loads('1') + frames.x",
                    {"frames.py": "x = 1", "asyncio.py": "1 / 0"}
                    if name != "frames.py"
                    else {"frames/__init__.py": "x = 1"},
                    name=name,
                ) as host,
            ):
                if name == "frames.py":
                    continue  # A module that imports itself under this name; loading is enough.
                self.assertEqual(host.call("f").value, 2, host.refusal)

    def test_bytecode_of_the_runner_is_read_from_the_directory_of_the_host(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run(
                [
                    sys.executable,
                    "-I",
                    "-X",
                    f"pycache_prefix={directory}",
                    "-m",
                    "compileall",
                    "-q",
                    str(RUNNER.parent / "toolhost_runner"),
                ],
                check=True,
            )
            compiled = next(Path(directory).rglob("results.*.pyc"))
            # Bytecode that says something else shows that it is used.
            content = compiled.read_bytes()
            self.assertIn(b"Done.", content)
            compiled.write_bytes(content.replace(b"Done.", b"Ready"))
            with Host("def f(): pass", options=("--bytecode", directory)) as host:
                self.assertEqual(host.call("f").text, "Ready")
            with Host("def f(): pass", options=("--bytecode", "/nowhere")) as host:
                self.assertEqual(host.call("f").text, "Done.")


class EnvironmentTests(unittest.TestCase):
    def test_numeric_libraries_have_at_most_four_threads(self) -> None:
        with Host(
            "import os\ndef f(): return {n: os.environ[n] for n in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS')}"
        ) as host:
            self.assertTrue(all(1 <= int(value) <= 4 for value in host.call("f").value.values()))

    def test_the_name_of_the_module_is_that_of_the_file(self) -> None:
        with Host(
            "import sys\nif __name__ == '__main__': raise ValueError\n"
            "def f(): return [__name__, __file__, sys.argv, sys.modules[__name__].__name__, sys.path == [p for p in sys.path if p]]",
            name="weather.py",
        ) as host:
            self.assertEqual(host.call("f").value, ["weather", "/plugins/weather.py", [""], "weather", True])

    def test_a_child_of_fork_has_no_socket(self) -> None:
        with Host("""
            import os
            def f():
                child = os.fork()
                if child == 0:
                    for number in range(3, 256):
                        try: os.write(number, b"garbage")
                        except OSError: pass
                    os._exit(0)
                return os.waitpid(child, 0)[1]
            """) as host:
            self.assertEqual(host.call("f").value, 0)
            self.assertEqual(host.call("f").value, 0)
            self.assertIsNone(host.error)


if __name__ == "__main__":
    unittest.main()
