"""Reads what hangs on a worksheet beside its cells: tables, notes, drawings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xltrack.findings.marking import without_ours
from xltrack.intake.markup import MAIN, parse
from xltrack.intake.package import OFFICE, relations
from xltrack.intake.strings import Runs
from xltrack.intake.walk import CRITERIA

_THREADED: Final = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
_ANCHORS: Final = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass(frozen=True)
class Annotations:
    """Ranges of native tables by name, whether one of them is filtered, texts of notes by address, drawn objects."""

    tables: Mapping[str, str] = field(default_factory=dict)
    is_filtered: bool = False
    comments: Mapping[str, str] = field(default_factory=dict)
    drawings: int = 0


def read_annotations(parts: Mapping[str, bytes], part: str) -> Annotations:
    """Return what hangs on the worksheet in `part`; raises Refused for parts that are not well formed.

    Of notes, what people wrote: a return that comes back bears notes of ours too.
    A thread of comments rules over the note that Excel puts in its place for older programs.
    """
    related: dict[str, list[bytes]] = {}
    for relation in relations(parts, part):
        related.setdefault(relation.type, []).append(parts.get(relation.part, b"<none/>"))
    tables = [_table(xml) for xml in related.get(f"{OFFICE}/table", ())]
    comments: dict[str, str] = {}
    for xml in related.get(f"{OFFICE}/comments", ()):
        comments |= _notes(xml)
    for xml in related.get(_THREADED, ()):
        comments |= _threads(xml)
    return Annotations(
        {name: ref for name, ref, _ in tables if name and ref},
        any(filtered for _, _, filtered in tables),
        {at: text for at, text in comments.items() if text},
        sum(_drawn(xml) for xml in related.get(f"{OFFICE}/drawing", ())),
    )


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
            found[ref] = without_ours(runs.text)
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
