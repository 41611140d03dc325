"""The runner of a Python plugin: it derives tools from a module's functions and serves the calls of a host."""
