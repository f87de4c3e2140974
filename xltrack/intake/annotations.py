"""Reads what hangs on a worksheet beside its cells: tables, notes, drawings."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from xltrack.findings.marking import begins_with_ours, has_ours, without_ours
from xltrack.intake.markup import MAIN, parse
from xltrack.intake.model import unusual
from xltrack.intake.package import OFFICE, relations
from xltrack.intake.strings import Runs
from xltrack.intake.walk import CRITERIA

_TABLE: Final = f"{OFFICE}/table"
_COMMENTS: Final = f"{OFFICE}/comments"
_THREADED: Final = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
_DRAWING: Final = f"{OFFICE}/drawing"
_ANCHORS: Final = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass(frozen=True)
class Annotations:
    """What hangs on one worksheet.

    Ranges of native tables by name, whether one of them is filtered, what people wrote in notes by address, in which of
    these xltrack had written too, in which of those nothing stands above that, how many objects are drawn.
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    is_filtered: bool = False
    comments: Mapping[str, str] = field(default_factory=dict)
    answered: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    drawings: int = 0


class Reader:
    """Reads what hangs on the worksheets of one workbook, each part once however many relationships name it."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        """Read among these `parts`."""
        self._parts = parts
        self._known: dict[tuple[str, str], Any] = {}

    def read(self, part: str) -> Annotations:
        """Return what hangs on the worksheet in `part`.

        Raises Refused for parts that are not well formed, and for two where a sheet has one. Of notes, what people
        wrote: a return that comes back bears notes of ours too. A thread of comments rules over the note that Excel
        puts in its place for older programs.
        """
        related: dict[str, dict[str, None]] = {}
        for relation in relations(self._parts, part):
            related.setdefault(relation.type, {})[relation.part] = None
        _require_one_each(related)
        found = {type_: [self._read(type_, one) for one in related.get(type_, ())] for type_ in _READ}
        tables = found[_TABLE]
        notes = {at: text for part_ in found[_COMMENTS] for at, text in part_.items()}
        theirs = {at: without_ours(text) for at, text in notes.items()}
        threads = {at: text for part_ in found[_THREADED] for at, text in part_.items()}
        comments = {at: text for at, text in (theirs | threads).items() if text}
        ours = [at for at, text in notes.items() if at in comments and at not in threads and has_ours(text)]
        return Annotations(
            {name: ref for name, ref, _ in tables if name and ref},
            any(filtered for _, _, filtered in tables),
            comments,
            tuple(ours),
            tuple(at for at in ours if begins_with_ours(notes[at])),
            sum(found[_DRAWING]),
        )

    def _read(self, type_: str, part: str) -> Any:
        if (type_, part) not in self._known:
            self._known[type_, part] = _READ[type_](self._parts.get(part, b"<none/>"))
        return self._known[type_, part]


def _require_one_each(related: Mapping[str, Collection[str]]) -> None:
    for type_ in (_COMMENTS, _THREADED, _DRAWING):
        if len(related.get(type_, ())) > 1:
            kind = type_.rpartition("/")[2]
            raise unusual(f"trang có hai phần {kind}", f"the sheet has two parts of the kind {kind}")


def _table(xml: bytes) -> tuple[str, str, bool]:
    name = ref = ""
    filtered = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name, ref, filtered
        if element == f"{MAIN} table":
            name = attributes.get("displayName") or attributes.get("name", "")
            ref = attributes.get("ref", "")
        elif element in CRITERIA:
            filtered = True

    parse(xml, start)
    return name, ref, filtered


def _notes(xml: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    runs = Runs()
    ref = ""
    inside = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal ref, inside
        if element == f"{MAIN} comment":
            ref = attributes.get("ref", "")
        elif inside:
            runs.start(element, attributes)
        elif element == f"{MAIN} text":
            runs.begin()
            inside = True

    def end(element: str) -> None:
        nonlocal inside
        if element == f"{MAIN} text":
            found[ref] = runs.text
            inside = False
        elif inside:
            runs.end()

    parse(xml, start, runs.characters, end)
    return found


def _threads(xml: bytes) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    thread: list[str] = []
    in_text = False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal thread, in_text
        local = element.rpartition(" ")[2]
        if local == "threadedComment":
            thread = found.setdefault(attributes.get("ref", ""), [])
            thread.append("")
        in_text = local == "text" and bool(thread)

    def characters(text: str) -> None:
        if in_text:
            thread[-1] += text

    def end(_: str) -> None:
        nonlocal in_text
        in_text = False

    parse(xml, start, characters, end)
    return {at: "\n".join(text.strip() for text in texts if text.strip()) for at, texts in found.items()}


def _drawn(xml: bytes) -> int:
    """Return how many objects are anchored; what stands in for one in older programs does not count again."""
    count = fallback = 0

    def start(element: str, _: dict[str, str]) -> None:
        nonlocal count, fallback
        local = element.rpartition(" ")[2]
        fallback += local == "Fallback"
        count += local in _ANCHORS and not fallback

    def end(element: str) -> None:
        nonlocal fallback
        fallback -= element.endswith(" Fallback")

    parse(xml, start, None, end)
    return count


_READ: Final[Mapping[str, Callable[[bytes], Any]]] = {
    _TABLE: _table,
    _COMMENTS: _notes,
    _THREADED: _threads,
    _DRAWING: _drawn,
}
