"""How xltrack knows what it wrote itself into a sender's workbook, when the workbook comes back.

What it writes bears a seal: a short sum of each of its texts. Whatever has no sum there was written, or changed, by
somebody else.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

MARK = "[xltrack]"
"""Every note of ours in a cell begins with this; so does the result sheet."""
SELF_CHECK = "[xltrack · tự kiểm tra]"
"""The sheet on which a workbook checks itself begins with this: unlike the result sheet, it stays in returns."""

_SEAL = re.compile(r"\[xltrack((?: [0-9a-f]{4})+)\]")
_OURS = re.compile(rf"\s*{re.escape(MARK)}(.*?){_SEAL.pattern}", re.DOTALL)
Span = tuple[int, int]


def is_result(first_row: Sequence[str]) -> bool:
    """Return whether the texts of the `first_row` with content of a worksheet are those of a sheet of results.

    Its first line says so; where somebody has deleted that, the row bears a seal of ours all the same.
    """
    first, *rest = first_row
    return first.startswith(MARK) or (not is_seal(first) and is_under(first, filter(is_seal, rest)))


def is_self_check(text: str) -> bool:
    """Return whether `text` is the first cell of the sheet on which a workbook checks itself."""
    return text.startswith(SELF_CHECK)


def seal(texts: Iterable[str]) -> str:
    """Return the seal of `texts`, the lines of a note or the cells of a row: "[xltrack 3f2a a91b]"."""
    sums = dict.fromkeys(_sum(line) for text in texts for line in text.split("\n"))
    return f"[xltrack {' '.join(sums)}]"


def is_seal(text: str) -> bool:
    """Return whether `text` is a seal and nothing else."""
    return _SEAL.fullmatch(text.strip()) is not None


def is_under(text: str, seals: Iterable[str]) -> bool:
    """Return whether all lines of `text` are under one of the `seals`."""
    known = {one for found in seals for one in found.strip("[]").split()[1:]}
    return all(_sum(line) in known for line in text.split("\n"))


def has_ours(note: str) -> bool:
    """Return whether xltrack wrote in the note of a cell."""
    return MARK in note


def begins_with_ours(note: str) -> bool:
    """Return whether nothing stands in the note of a cell above what xltrack wrote there."""
    return note.lstrip().startswith(MARK)


def without_ours(note: str) -> str:
    """Return what people wrote in the note of a cell, "" if all of it is ours.

    They may have written above our part, below it, and between its lines; of a part whose seal is gone all is theirs.
    """
    kept, at = [], 0
    for begin, end in spans_of_ours(note):
        kept.append(note[at:begin])
        at = end
    return "".join([*kept, note[at:]]).strip()


def spans_of_ours(note: str) -> tuple[Span, ...]:
    """Return from where to where `note` is ours, in its order."""
    sealed = [span for found in _OURS.finditer(note) for span in _sealed(found)]
    unsealed = [
        found.span()
        for found in re.finditer(re.escape(MARK), note)
        if not any(begin <= found.start() < end for begin, end in sealed)
    ]
    return tuple(sorted([*sealed, *unsealed]))


def _sealed(found: re.Match[str]) -> Iterator[Span]:
    """Yield the spans of a sealed part that are ours: our mark, the lines under the seal, the seal."""
    at = found.start(1)
    yield found.start(), at
    while at < found.end(1):
        end = 1 + found.string.find("\n", at, found.end(1)) or found.end(1)
        line = found.string[at:end].strip()
        if not line or is_under(line, [f"[xltrack{found[2]}]"]):
            yield at, end
        at = end
    yield found.end(1), found.end()


def _sum(line: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", line).replace(MARK, "").split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:4]
