"""CSV that no spreadsheet takes for formulas, by the line."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

# What a spreadsheet takes for a formula, full width as well.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Write a table line by line, each as soon as its row is there."""
    line = StringIO()
    writer = csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        writer.writerow([harmless(cell) for cell in row])
    yield line.getvalue()
