"""Has received workbooks marked, several at once, each out of this process's reach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xltrack.excel.answer import Answer
from xltrack.intake import receive
from xltrack.intake.sandbox import Ask, Limits, Order, Parcel, Stopped, run_all

ANNOTATOR: Final = "xltrack.pipeline.annotating:annotator"
LIMITS: Final = Limits()


@dataclass(frozen=True)
class Marking:
    """A workbook to be marked with an `answer`: the one at `path` with these bytes; None if it has no cells."""

    path: Path
    sha256: str | None
    answer: Answer


@dataclass(frozen=True)
class Marked:
    """A workbook that was marked; or None, and why it was not."""

    content: bytes | None
    reason: str = ""


def mark(markings: Sequence[Marking]) -> Iterator[Marked]:
    """Yield what each of `markings` gives, in the order given, as soon as it is there."""
    yield from run_all(Order(ANNOTATOR, {}, LIMITS), _mark, markings) if markings else ()


def _mark(marking: Marking, ask: Ask) -> Marked:
    """Have the workbook marked by a worker: what it is made of is a stranger's."""
    if marking.sha256 is None:
        return Marked(None, "it could not be read")
    try:
        file = receive(marking.path)
        if file.sha256 != marking.sha256:
            return Marked(None, "it is no longer what was checked")
        return ask((file.content, marking.answer), _unpacked)
    except OSError as failure:
        return Marked(None, str(failure))
    except Stopped as stopped:
        return Marked(None, f"{stopped.reason} {stopped.words}".strip())


def _unpacked(parcel: Parcel) -> Marked:
    if len(parcel.blobs) == 1:
        return Marked(parcel.blobs[0])
    return Marked(None, parcel.text.decode("utf-8", "replace"))
