"""The lists that a report may name: who has reported, what stands in the way by the level that must decide."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from xltrack.documents.figures import Number, Phrase, Piece, cell
from xltrack.documents.shown import STATES, with_kinds
from xltrack.documents.subject import Subject
from xltrack.documents.words import unit_name
from xltrack.findings.masking import visible
from xltrack.language import Lang, Text
from xltrack.rollup import Rollup
from xltrack.rollup.summary import as_of_lines
from xltrack.rollup.years import lacking_years


@dataclass(frozen=True, slots=True)
class Item:
    """One paragraph of a list, or the `heading` of those that follow."""

    phrase: Phrase
    heading: bool = False


_GROUPS = {
    "province": Text("tỉnh, thành phố", "provinces"),
    "other": Text("bộ, ngành trung ương", "ministries and agencies"),
}
_DOUBTED = Text(
    "Không in vì hai cách đếm không khớp nhau, cần kiểm tra kho dữ liệu bằng `xltrack verify`",
    "Not printed because two ways of counting do not agree; check the store with `xltrack verify`",
)
_RETURN = Text("Báo cáo {} của {}", "Return for {} of {}")
_CAME = Text("nhận ngày", "received on")
_SENDERS = {
    "reported_by": Text("do các đơn vị cũ gửi:", "sent by the former"),
    "not_reported": Text("chưa có phần của:", "without that of"),
}
_NOTHING = Text("Không có.", "None.")


def items(name: str, subject: Subject) -> tuple[Item, ...] | None:
    """Return the paragraphs of the list `name`, None if there is no such list."""
    return tuple(LISTS[name](subject)) if name in LISTS else None


def _coverage(subject: Subject) -> Iterator[Item]:
    """Yield how many units reported, on time and late, and by name who did not; of one unit its state."""
    for line in as_of_lines(subject.rollup):
        yield Item((line.to(subject.lang),))
    yield from _of_all(subject) if subject.unit is None else _of_one(subject)
    yield from (Item((line.to(subject.lang),)) for line in lacking_years(_told_of(subject)))
    if subject.rollup.doubted:
        doubted = ", ".join(subject.figures.title(one).to(subject.lang) for one in subject.rollup.doubted)
        yield Item((f"{_DOUBTED.to(subject.lang)}: {doubted}.",))


def _told_of(subject: Subject) -> Rollup:
    """Return the roll-up, of one unit with its coverage alone, a province's with that of those it was made of."""
    rollup, unit = subject.rollup, subject.unit
    if unit is None:
        return rollup
    former = subject.schemas.units.predecessors.get(unit.code, ()) if unit.is_province else ()
    return replace(
        rollup,
        unit=unit.code,
        coverage=rollup.coverage.filter(pl.col("unit_code").is_in((unit.code, *former))),
    )


def _of_one(subject: Subject) -> Iterator[Item]:
    """Yield how the return of the unit stands in the round."""
    mine = {"year": subject.year, "period_kind": subject.period_kind, "unit_code": subject.figures.unit}
    named = _RETURN.to(subject.lang).format(
        subject.named(subject.period).to(subject.lang), unit_name(subject)
    )
    for row in subject.rollup.coverage.filter(**mine).to_dicts():
        yield Item((f"{named}: {'; '.join(_state(row, subject.lang))}.",))


def _state(row: Mapping[str, Any], lang: Lang) -> Iterator[str]:
    """Yield its state, when it came, and which of the units it was made of speak for it, or are silent."""
    yield STATES[row["state"]].to(lang).lower()
    if row["received_at"]:
        yield f"{_CAME.to(lang)} {row['received_at']:%d/%m/%Y}"
    for name, title in _SENDERS.items():
        units = row[name if lang == "vi" else f"{name}_en"]
        if units:
            yield f"{title.to(lang)} {units}"


def _of_all(subject: Subject) -> Iterator[Item]:
    rounds = subject.rollup.coverage_rounds.filter(year=subject.year, period_kind=subject.period_kind)
    for row in rounds.to_dicts():
        where = {"year": subject.year, "period_kind": subject.period_kind, "unit_group": row["unit_group"]}
        names = ("reported", "expected", "on_time", "late")
        numbers = [cell("coverage_rounds", name, row[name], **where) for name in names]
        yield Item(_reported(numbers, _GROUPS[row["unit_group"]].to(subject.lang), subject))
        yield from _by_name(row, subject)
    yield from _double_cover(subject)


def _reported(numbers: list[Number], group: str, subject: Subject) -> Phrase:
    reported, expected, on_time, late = numbers
    if subject.lang == "vi":
        told = (" đã gửi báo cáo, trong đó đúng hạn ", ", muộn ", ".")
    else:
        told = (" have reported, on time ", ", late ", ".")
    return (reported, "/", expected, f" {group}{told[0]}", on_time, told[1], late, told[2])


def _by_name(row: dict[str, str | int | None], subject: Subject) -> Iterator[Item]:
    ending = "" if subject.lang == "vi" else "_en"
    titles = {
        "absent": Text("Chưa có báo cáo, không có trong số liệu", "Without a return, and not in the figures"),
        "not_counted": Text(
            "Đã gửi, chưa được tính vì bị từ chối hoặc chờ quyết định",
            "Sent, but rejected or held, and not counted",
        ),
        "partial": Text(
            "Mới báo cáo một phần, đã tính phần đó", "Reported in part, and counted with that part"
        ),
    }
    for name, title in titles.items():
        units = row[f"{name}{ending}"]
        if units:
            yield Item((f"{title.to(subject.lang)}: {units}.",))


def _double_cover(subject: Subject) -> Iterator[Item]:
    rows = subject.rollup.double_cover.filter(year=subject.year, period_kind=subject.period_kind)
    ending = "_name" if subject.lang == "vi" else "_name_en"
    for row in rows.to_dicts():
        told = Text(
            "Địa bàn được báo cáo hai lần, số cộng được có thể tính hai lần",
            "Territory reported twice, sums may hold a thing twice",
        )
        yield Item((f"{told.to(subject.lang)}: {row[f'successor{ending}']}, {row[f'predecessor{ending}']}.",))


def _obstacles(subject: Subject) -> Iterator[Item]:
    """Yield obstacles and proposals by the level that must decide, the Prime Minister first; alike ones once."""
    found = _stated(subject)
    for level in found["level"].unique(maintain_order=True).to_list():
        code = level or "unknown"
        name = subject.figures.label("obstacles", "level", code).to(subject.lang)
        count = subject.figures.of("obstacles", subject.period, level=code)
        unit = Text(" ý kiến)", " stated)").to(subject.lang)
        yield Item((f"{name} (", *with_kinds(count, subject.lang), unit), heading=True)
        alike = (
            found.filter(pl.col("level").eq_missing(pl.lit(level)))
            .group_by("obstacle", "proposal", maintain_order=True)
            .agg(units=pl.col("named").unique(maintain_order=True))
            .sort(pl.col("units").list.len(), descending=True, maintain_order=True)
        )
        yield from (Item(_obstacle(one, subject)) for one in alike.to_dicts())
    if not found.height:
        yield Item((_NOTHING.to(subject.lang),))


def _stated(subject: Subject) -> pl.DataFrame:
    """Return the obstacles of the round that are not resolved, of the unit alone if there is one."""
    named = "unit_name" if subject.lang == "vi" else "unit_name_en"
    rows = subject.rollup.obstacles.filter(year=subject.year, period_kind=subject.period_kind)
    own = rows.filter(unit_code=subject.figures.unit) if subject.unit else rows
    return own.with_columns(pl.col(named).alias("named"))


def _obstacle(stated: Mapping[str, Any], subject: Subject) -> Phrase:
    """Return one obstacle with its proposal and who stated it."""
    pieces: list[Piece] = [_typed(stated["obstacle"])]
    if stated["proposal"]:
        pieces.append(f" {Text('Kiến nghị', 'Proposal').to(subject.lang)}: {_typed(stated['proposal'])}")
    if subject.unit is None:
        pieces.append(f" ({', '.join(stated['units'])})")
    return tuple(pieces)


def _typed(text: str | None) -> str:
    """Return what somebody typed as a sentence; the roll-up has masked what is personal in it."""
    shown = visible((text or "–").strip())
    return shown if shown.endswith((".", "!", "?", "…")) else f"{shown}."


LISTS: Mapping[str, Callable[[Subject], Iterator[Item]]] = {
    "coverage": _coverage,
    "obstacles": _obstacles,
}
"""The lists, each with what makes it."""
