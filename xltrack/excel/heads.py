"""What the columns of a table are called, and what may stand in them, on paper and at a terminal."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from xltrack.language import Text

Kind = Literal["text", "long", "number", "bar", "money", "millions", "decimal", "date", "time"]
Cell = str | int | float | date | bool | None


@dataclass(frozen=True, slots=True)
class Head:
    """One column of a table: its heading, how its cells look, its width in characters."""

    title: Text
    kind: Kind = "text"
    width: float = 14
