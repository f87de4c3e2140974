"""The words that a report may name between its figures: the period, the unit, how things stand."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from xltrack.documents.figures import Number, Phrase, cell
from xltrack.documents.shown import NOT_KNOWN
from xltrack.documents.subject import Subject
from xltrack.language import Text
from xltrack.rollup.plan36 import TITLES
from xltrack.rollup.summary import target_of

_TITLES = {
    "annual": Text("Kết quả thực hiện", "Results of"),
    "half": Text("Sơ kết kết quả thực hiện", "Interim review of"),
    "five_year": Text("Tổng kết kết quả thực hiện", "Final review of"),
}
# Resolution 202/2025/QH15: six cities under the central government; of the 63 provinces five were.
_CITIES = {"63": ("01", "31", "48", "79", "92"), "34": ("01", "31", "46", "48", "79", "92")}
_PROVINCES = {
    "34": Text(" tỉnh (", " provinces ("),
    "63": Text(" tỉnh trước 01/7/2025)", " of the 63 before 1 July 2025)"),
}


def word(name: str, arguments: Sequence[str], subject: Subject) -> Phrase | None:
    """Return what stands for the word `name`, None if there is no such word or it does not take `arguments`."""
    if name in WORDS and not arguments:
        made = WORDS[name](subject)
        return made if isinstance(made, tuple) else (made,)
    if name == "target" and len(arguments) == 2:
        return _target(subject, *arguments)
    if name == "plan36" and len(arguments) == 1:
        return _plan36(subject, arguments[0])
    return None


def unit_name(subject: Subject) -> str:
    """Return the unit as a text names it: "tỉnh Bắc Ninh", "thành phố Hà Nội", "Bộ Công Thương"."""
    unit = subject.unit
    if unit is None:
        return Text("cả nước", "the country").to(subject.lang)
    if not unit.is_province:
        return unit.name.to(subject.lang)
    is_city = unit.bare_code in _CITIES[unit.scheme]
    kind = Text("thành phố", "city of") if is_city else Text("tỉnh", "province of")
    return f"{kind.to(subject.lang)} {unit.name.to(subject.lang)}"


def _title(subject: Subject) -> str:
    return f"{_TITLES[subject.period_kind].to(subject.lang)} {subject.named(subject.period).to(subject.lang)}"


def _data_until(subject: Subject) -> str:
    moment = subject.rollup.as_of or subject.rollup.received_until
    return f"{moment:%d/%m/%Y}" if moment else "…"


def _due(subject: Subject) -> str:
    round_ = subject.schemas.units.round(subject.year, subject.period_kind)
    return f"{round_.on_time_until:%d/%m/%Y}" if round_ else "…"


def _issuer(subject: Subject) -> str:
    unit = subject.unit
    if unit and unit.is_province:
        return (
            f"{Text('Ủy ban nhân dân', 'People’s Committee').to(subject.lang)} {unit_name(subject)}".upper()
        )
    return unit_name(subject).upper()


def _place(subject: Subject) -> str:
    unit = subject.unit
    return (
        unit.name.to(subject.lang) if unit and unit.is_province else Text("Hà Nội", "Ha Noi").to(subject.lang)
    )


def _signatory(subject: Subject) -> str:
    if subject.unit is None or not subject.unit.is_province:
        return Text("THỦ TRƯỞNG ĐƠN VỊ", "HEAD OF THE AGENCY").to(subject.lang)
    return Text("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "FOR THE PEOPLE’S COMMITTEE\nCHAIR").to(subject.lang)


def _growth(subject: Subject) -> Phrase:
    """Return by how much enterprises grew on the year before, with both numbers and on how many units."""
    rows = subject.growth.filter(pl.col("percent").is_not_null()).to_dicts()
    phrases = [_grown(row, subject) for row in rows]
    pieces = [piece for phrase in phrases for piece in ("; ", *phrase)][1:]
    return tuple(pieces) or (NOT_KNOWN.to(subject.lang),)


def _grown(row: Mapping[str, Any], subject: Subject) -> Phrase:
    where = {"year": row["year"], "figures_kind": row["figures_kind"]}
    names = ("percent", "enterprises", "enterprises_before", "units")
    percent, now, before, units = (cell("growth", name, row[name], **where) for name in names)
    is_estimate = row["figures_kind"] == "estimate"
    if subject.lang == "vi":
        kind = ", ước thực hiện" if is_estimate else ""
        return (
            percent,
            " % (",
            now,
            " so với ",
            before,
            " doanh nghiệp, tính trên ",
            units,
            f" đơn vị cố định{kind})",
        )
    kind = ", estimated" if is_estimate else ""
    return (percent, " % (", now, " against ", before, " enterprises, on ", units, f" constant units{kind})")


def _plan36(subject: Subject, status: str) -> Phrase | None:
    """Return how many provinces reached `status`, of 34 and of the 63 before."""
    counts = {row["view"]: row for row in subject.rollup.plan36_counts.filter(status=status).to_dicts()}
    if not counts:
        return None
    pieces: list[str | Number] = []
    for view, row in (("34", counts["34"]), ("63", counts["63"])):
        reached, provinces = (
            cell("plan36_counts", name, row[name], view=view, status=status)
            for name in ("reached", "provinces")
        )
        pieces += [reached, "/", provinces, _PROVINCES[view].to(subject.lang)]
    return tuple(pieces)


def _plan36_own(subject: Subject) -> str:
    """Return at which step of a Plan 36 plan the unit itself is."""
    rows = subject.rollup.plan36.filter(view=subject.figures.view, unit_code=subject.figures.unit).to_dicts()
    if not rows:
        return NOT_KNOWN.to(subject.lang)
    number = f" ({rows[0]['document_no']})" if rows[0]["document_no"] else ""
    return f"{TITLES[rows[0]['status']].to(subject.lang).lower()}{number}"


def _target(subject: Subject, indicator: str, period: str) -> Phrase:
    return (target_of(subject.rollup, indicator, period, subject.lang) or NOT_KNOWN.to(subject.lang),)


WORDS: Mapping[str, Callable[[Subject], str | Phrase]] = {
    "title": _title,
    "year": lambda subject: str(subject.year),
    "period": lambda subject: subject.named(subject.period).to(subject.lang),
    "period_before": lambda subject: subject.named(subject.before).to(subject.lang),
    "span": lambda subject: subject.named(subject.span).to(subject.lang),
    "data_until": _data_until,
    "due": _due,
    "unit": unit_name,
    "issuer": _issuer,
    "place": _place,
    "signatory": _signatory,
    "growth": _growth,
    "plan36_own": _plan36_own,
}
"""The words without arguments, each with what it stands for."""
