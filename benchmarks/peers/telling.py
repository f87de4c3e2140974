"""What a peer tells of its run: one line of JSON, and its rows and findings where the task asks for them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
Finding = tuple[str, str, int | None, str | None]
"""A file's name, a tab, the number of a row in the file, the address of a cell."""


class Tally:
    """Collects what a peer reads and finds, file by file; a file that cannot be read stops only itself."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        """Begin an account of `task`."""
        self._out: str | None = task["out"]
        self.rows: dict[str, list[Row]] = {name: [] for name in task["sheets"]}
        self.findings: list[Finding] = []
        self.stopped: list[str] = []
        self.counted = 0

    def each(self, paths: Iterable[str], read: Callable[[str], None]) -> None:
        """Call `read` with each path; what it raises is kept as the reason why the file could not be read."""
        for path in paths:
            try:
                read(path)
            except Exception as reason:
                if not self._out:
                    raise
                self.stopped.append(f"{Path(path).name}: {type(reason).__name__}")

    def keep(self, path: str, sheet: str, records: Sequence[Row]) -> None:
        """Keep the rows read of a sheet."""
        self.counted += len(records)
        if self._out:
            name = Path(path).name
            self.rows[sheet] += [
                {"_file": name, **{k: v for k, v in row.items() if _is_there(v)}} for row in records
            ]

    def tell(self, **figures: int) -> None:
        """Print the figures, and write rows and findings where the task says."""
        if self._out:
            told = {"rows": self.rows, "findings": self.findings, "stopped": self.stopped, **figures}
            Path(self._out).write_text(json.dumps(told, default=str), encoding="utf-8")
        print(json.dumps({"rows": self.counted, "findings": len(self.findings), **figures}))


def _is_there(value: Any) -> bool:
    """Return whether a cell holds something: neither None nor NaN nor NaT, which differ from themselves."""
    return value is not None and value == value  # noqa: PLR0124


def letter(number: int) -> str:
    """Return the letters of a column counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def line_of_ids(lines: Iterable[Sequence[Any]], known: Iterable[str]) -> int:
    """Return the number of the first of `lines`, counted from 0, that holds the ids `known`; raises LookupError."""
    ids = set(known)
    for at, line in enumerate(lines):
        if ids <= set(map(str, line)):
            return at
    raise LookupError("no line of ids")
