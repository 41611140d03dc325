"""Prints the schemas of many signatures, for a comparison between runs and versions of Python."""

from __future__ import annotations

import json

from signature_rows import ROWS, load

for row in ROWS:
    if row.since == (3, 9) and not row.package:
        print(json.dumps(load(row).tool().schema))
