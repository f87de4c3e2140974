"""Code lists: the values a column may hold, with labels, synonyms and validity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from xltrack.forms.folding import fold
from xltrack.language import Text

Display = Literal["label", "code_label"]


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list. `verified` is False where no official text was read for it."""

    code: str
    label: Text
    parent: str = ""
    synonyms: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    verified: bool = True
    note: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def valid_during(self, first: date, last: date) -> bool:
        """Return whether the code is in force on any day from `first` to `last`."""
        return (self.valid_from is None or self.valid_from <= last) and (
            self.valid_to is None or self.valid_to >= first
        )

    def spellings(self) -> tuple[str, ...]:
        """Return every text under which people write this code."""
        return (
            self.code,
            *self.label,
            f"{self.code} – {self.label.vi}",
            f"{self.code} – {self.label.en}",
            *self.synonyms,
        )


@dataclass(frozen=True)
class CodeList:
    """A named list of codes, in the order in which people are shown them."""

    name: str
    title: Text
    display: Display
    codes: tuple[Code, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        """Return the entries by code; where parents share a code, the last one."""
        return {entry.code: entry for entry in self.codes}

    @cached_property
    def _exactly(self) -> Mapping[str, tuple[Code, ...]]:
        found: dict[str, tuple[Code, ...]] = {}
        for entry in self.codes:
            found[entry.code] = (*found.get(entry.code, ()), entry)
        return found

    @cached_property
    def _by_spelling(self) -> Mapping[str, tuple[Code, ...]]:
        found: dict[str, tuple[Code, ...]] = {}
        for entry in self.codes:
            for key in dict.fromkeys(fold(spelling) for spelling in entry.spellings() if spelling):
                found[key] = (*found.get(key, ()), entry)
        return found

    def find(self, text: str) -> tuple[Code, ...]:
        """Return every entry that `text` may mean: its code, a label, a display text or a synonym, folded."""
        return self._exactly.get(text) or self._by_spelling.get(fold(text), ())

    def shown(self, entry: Code) -> str:
        """Return the text under which dropdowns show `entry`."""
        return entry.label.vi if self.display == "label" else f"{entry.code} – {entry.label.vi}"

    def having(self, filters: Mapping[str, Iterable[str]] | None) -> "CodeList":
        """Return the list of those entries whose further columns hold one of the values asked for."""
        if not filters:
            return self
        kept = (
            e for e in self.codes if all(e.extra.get(name, "") in values for name, values in filters.items())
        )
        return CodeList(self.name, self.title, self.display, tuple(kept))
