"""The tables that a report may name: results, tools, money, groups of tasks, targets, Plan 36, units."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xltrack.documents.figures import Numbers, Phrase, Piece, cell, total
from xltrack.documents.shown import STATES, with_kinds
from xltrack.documents.subject import Subject
from xltrack.documents.words import word
from xltrack.language import Text
from xltrack.rollup.plan36 import TITLES
from xltrack.rollup.summary import target_text


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; a `whole` adds up the others."""

    cells: tuple[Phrase, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: headings, their widths in shares of the page, and rows. Money is in millions of đồng."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[Row, ...]


_DISBURSED = {"funding_kind": "disbursed"}
_Measure = tuple[str, Mapping[str, str]]
_RESULTS: tuple[_Measure, ...] = (
    ("enterprises_supported", {}), ("enterprises_first_supported", {}), ("pilot_models", {}),
    ("cooperatives_supported", {}), ("households_supported", {}), ("applications", {}),
    ("certificates_issued", {}), ("courses", {}), ("participants", {}), ("women_participants", {}),
    ("enterprises_trained", {}), ("certified_experts", {}), ("key_products", {}), ("tasks", {}),
    ("funding", _DISBURSED), ("funding_state", _DISBURSED),
)  # fmt: skip
_COMPARED: tuple[_Measure, ...] = (
    ("applications", {}), ("certificates_issued", {}), ("participants", {}), ("certified_experts", {}),
    ("funding", _DISBURSED), ("funding_state", _DISBURSED),
)  # fmt: skip
_OF_UNITS: tuple[_Measure, ...] = (
    ("enterprises_supported", {}), ("pilot_models", {}), ("certificates_issued", {}), ("participants", {}),
    ("certified_experts", {}), ("tasks", {}), ("funding", _DISBURSED), ("funding_state", _DISBURSED),
)  # fmt: skip
_COUNTED = {"PILOT-MODELS": "pilot_models", "EXPERTS": "certified_experts"}
"""The measure of each indicator that a target is set for and figures of several years answer."""
_PLAN36 = ("issued", "under_way", "completed")
_OF_EVERY_RETURN = {"applications", "tasks", "key_products"}
"""What stands in the return of each of its years, so that years are not added up."""
_NAMES = {
    "funding": Text("Kinh phí giải ngân (triệu đồng)", "Funding disbursed (million VND)"),
    "funding_state": Text(
        "Trong đó: ngân sách nhà nước (triệu đồng)", "Of which: state budget (million VND)"
    ),
}
_UNIT = Text("Đơn vị", "Unit")
_INDICATOR = Text("Chỉ tiêu", "Indicator")
_WHOLE = Text("Tổng số", "Total")


def table(name: str, subject: Subject) -> Table | None:
    """Return the table `name`, None if there is no such table."""
    return TABLES[name](subject) if name in TABLES else None


def _results(subject: Subject) -> Table:
    """Return every measure in the period before, in the period, and over the five years it stands in."""
    is_known = subject.figures.kinds(subject.before, subject.figures.unit)
    periods = [subject.before, subject.period] if is_known else [subject.period]
    periods += [subject.span] if subject.span != subject.period else []
    rows = [
        Row((_name(subject, measure), *(_over(subject, measure, one, cut) for one in periods)))
        for measure, cut in _RESULTS
    ]
    heads = [_sentence(subject.named(one).to(subject.lang)) for one in periods]
    return Table((_INDICATOR.to(subject.lang), *heads), (46, *(18 for _ in periods)), tuple(rows))


def _over(subject: Subject, measure: str, period: str, cut: Mapping[str, str]) -> Phrase:
    if measure in _OF_EVERY_RETURN and subject.period_kind == "annual" and "-" in period:
        return ("×",)
    return with_kinds(subject.figures.of(measure, period, **cut), subject.lang)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A table with a line for every code of `dimension` that occurs, and for those that are `always` named."""

    dimension: str
    title: Text
    measures: tuple[_Measure, ...]
    always: tuple[str, ...] = ()

    def __call__(self, subject: Subject) -> Table:
        """Return the table: what is counted distinctly may stand in several lines, so nothing is added up."""
        heads = (self.title.to(subject.lang), *(_title(subject, measure) for measure, _ in self.measures))
        widths = (100 - 17 * len(self.measures), *(17 for _ in self.measures))
        rows = [
            Row((self._label(subject, code), *self._cells(subject, code))) for code in self._codes(subject)
        ]
        return Table(heads, widths, tuple(rows))

    def _codes(self, subject: Subject) -> list[str]:
        found = [
            subject.figures.codes(measure, self.dimension, subject.period, **cut)
            for measure, cut in self.measures
        ]
        listed = subject.figures.order(self.measures[0][0], self.dimension)
        codes = {*self.always, *(code for one in found for code in one)}
        return sorted(codes, key=lambda code: (listed.get(code, len(listed)), code))

    def _label(self, subject: Subject, code: str) -> Phrase:
        return (subject.figures.label(self.measures[0][0], self.dimension, code).to(subject.lang),)

    def _cells(self, subject: Subject, code: str) -> Iterator[Phrase]:
        for measure, cut in self.measures:
            numbers = subject.figures.of(measure, subject.period, **cut, **{self.dimension: code})
            yield with_kinds(numbers, subject.lang)


def _money(subject: Subject) -> Table:
    """Return money by kind: total, of which the state budget, and every source."""
    figures, rows = subject.figures, []
    sources = [entry.code for entry in subject.schemas.code_lists["funding_sources"].codes]
    for kind in figures.codes("funding", "funding_kind", subject.period):
        cut = {"funding_kind": kind}
        cells = [
            figures.of("funding", subject.period, **cut),
            figures.of("funding_state", subject.period, **cut),
            *(figures.of("funding", subject.period, **cut, source=source) for source in sources),
        ]
        name = figures.label("funding", "funding_kind", kind).to(subject.lang)
        rows.append(Row(((name,), *(with_kinds(one, subject.lang) for one in cells))))
    heads = [
        Text("Loại số (triệu đồng)", "Kind (million VND)"), Text("Tổng số", "Total"),
        Text("Trong đó: NSNN", "Of which: state budget"),
    ]  # fmt: skip
    titles = [text.to(subject.lang) for text in heads]
    titles += [figures.label("funding", "source", source).to(subject.lang) for source in sources]
    return Table(tuple(titles), (22, *(13 for _ in titles[1:])), tuple(rows))


def _comparison(subject: Subject) -> Table:
    """Return the year beside the one before, on the units that reported both."""
    rows = [
        row
        for grown in subject.rollup.growth.filter(year=subject.year).to_dicts()
        for row in _compared(subject, grown)
    ]
    heads = (
        _INDICATOR.to(subject.lang),
        *(_sentence(subject.named(one).to(subject.lang)) for one in (subject.before, subject.period)),
    )
    return Table(heads, (60, 20, 20), tuple(rows))


def _compared(subject: Subject, grown: Mapping[str, Any]) -> Iterator[Row]:
    kind, units = grown["figures_kind"], grown["unit_codes"].split()
    where = {"year": subject.year, "figures_kind": kind}
    counted = [
        cell("growth", name, grown[name], kind=kind if name == "enterprises" else "actual", **where)
        for name in ("enterprises_before", "enterprises")
    ]
    yield Row(
        (_name(subject, "enterprises_supported"), *(with_kinds((one,), subject.lang) for one in counted))
    )
    for measure, cut in _COMPARED:
        sums = (
            _summed(subject, units, (measure, period, one), cut)
            for period, one in ((subject.before, "actual"), (subject.period, kind))
        )
        yield Row((_name(subject, measure), *(with_kinds(one, subject.lang) for one in sums)))


def _summed(
    subject: Subject, units: Sequence[str], named: tuple[str, str, str], cut: Mapping[str, str]
) -> Numbers:
    """Return what `units` add up to; each of them has reported, so that what is not there is nought."""
    measure, period, kind = named
    found = [
        one
        for unit in units
        for one in subject.figures.of_unit(unit, measure, period, **cut)
        if one.kind == kind
    ]
    return (total(found),) if found else ()


def _targets(subject: Subject) -> Table:
    """Return the targets of the programmes whose period holds the year, beside what was counted."""
    rows = subject.rollup.national_targets.unique(
        ["indicator_code", "period"], keep="first", maintain_order=True
    )
    due = [row for row in rows.to_dicts() if row["period"][:4] <= str(subject.year) <= row["period"][-4:]]
    heads = (
        _INDICATOR, Text("Giai đoạn", "Period"), Text("Mục tiêu", "Target"), Text("Kết quả", "Result"),
    )  # fmt: skip
    titles = tuple(head.to(subject.lang) for head in heads)
    return Table(titles, (42, 13, 13, 32), tuple(_target(subject, row) for row in due))


def _target(subject: Subject, row: Mapping[str, Any]) -> Row:
    is_vi = subject.lang == "vi"
    unit = f" ({row['measured_in']})" if is_vi else ""
    checked = "" if row["verified"] else Text(" [chưa kiểm chứng]", " [unverified]").to(subject.lang)
    name = f"{row['indicator' if is_vi else 'indicator_en']}{unit}{checked}"
    aim = target_text(row["target_low"], row["target_high"], subject.lang)
    return Row(((name,), (row["period"].replace("-", "–"),), (aim,), _outcome(subject, row)))


def _outcome(subject: Subject, row: Mapping[str, Any]) -> Phrase:
    """Return what the returns say of a target, or that they do not say it."""
    indicator = row["indicator_code"]
    if indicator in _COUNTED:
        return _so_far(subject, _COUNTED[indicator], row["period"])
    if indicator == "ENT-GROWTH":
        return word("growth", (), subject) or ()
    if indicator == "PROVINCES-PLAN36":
        pieces: list[Piece] = []
        for status in _PLAN36:
            pieces += ["; "] if pieces else []
            pieces += [
                f"{TITLES[status].to(subject.lang).lower()} ",
                *(word("plan36", (status,), subject) or ()),
            ]
        return tuple(pieces)
    return (row["detail" if subject.lang == "vi" else "detail_en"],)


def _unit_targets(subject: Subject) -> Table:
    """Return the targets that the unit has set itself, as its newest return states them."""
    rows = subject.rollup.unit_targets.filter(unit_code=subject.figures.unit).to_dicts()
    heads = (
        _INDICATOR, Text("Kỳ", "Period"), Text("Mục tiêu", "Target"), Text("Thực hiện", "Actual"),
        Text("Ước thực hiện", "Estimated"),
    )  # fmt: skip
    titles = tuple(head.to(subject.lang) for head in heads)
    return Table(titles, (44, 14, 14, 14, 14), tuple(_own_target(subject, row) for row in rows))


def _so_far(subject: Subject, measure: str, period: str) -> Phrase:
    """Return what was counted of a target's period, or of the part of it that the report is about."""
    found = subject.figures.of(measure, period)
    part = subject.figures.of(measure, subject.period)
    if found or not part:
        return with_kinds(found, subject.lang)
    return (*with_kinds(part, subject.lang), f" ({subject.named(subject.period).to(subject.lang)})")


def _own_target(subject: Subject, row: Mapping[str, Any]) -> Row:
    keys = ("programme", "indicator_code", "unit_code", "target_period_kind", "period")
    where = {name: row[name] for name in keys}
    unit = f" ({row['measured_in']})" if row["measured_in"] else ""
    name = f"{row['indicator' if subject.lang == 'vi' else 'indicator_en']}{unit}"
    values = [
        (cell("unit_targets", one, row[one], **where),) if row[one] is not None else ("–",)
        for one in ("target_value", "actual_value", "estimate_value")
    ]
    return Row(((name,), (str(row["period"]).replace("-", "–"),), *values))


def _plan36(subject: Subject) -> Table:
    """Return how many provinces stand at each step and how many reached it, in both views."""
    counts = {(row["view"], row["status"]): row for row in subject.rollup.plan36_counts.to_dicts()}
    rows = []
    for status, title in TITLES.items():
        cells = [
            (cell("plan36_counts", column, counts[view, status][column], view=view, status=status),)
            for view in ("34", "63")
            for column in ("at_stage", "reached")
        ]
        rows.append(Row(((title.to(subject.lang),), *cells)))
    heads = (
        Text("Bước", "Step"), Text("34 tỉnh: ở bước này", "34: at this step"),
        Text("34 tỉnh: từ bước này trở lên", "34: this step or beyond"),
        Text("63 tỉnh: ở bước này", "63: at this step"),
        Text("63 tỉnh: từ bước này trở lên", "63: this step or beyond"),
    )  # fmt: skip
    return Table(tuple(head.to(subject.lang) for head in heads), (32, 17, 17, 17, 17), tuple(rows))


def _plan36_units(subject: Subject) -> Table:
    """Return every province of the view with the step of its plan and the document that issued it."""
    rows = subject.rollup.plan36.filter(view=subject.figures.view).to_dicts()
    named = "unit_name" if subject.lang == "vi" else "unit_name_en"
    lines = [
        Row(((row[named],), (TITLES[row["status"]].to(subject.lang),), (row["document_no"] or "–",)))
        for row in rows
    ]
    heads = (_UNIT, Text("Bước", "Step"), Text("Số văn bản ban hành", "Document"))
    return Table(tuple(head.to(subject.lang) for head in heads), (40, 30, 30), tuple(lines))


def _units(subject: Subject) -> Table:
    """Return the nation, then every unit expected in the round or with figures: who did not report has none."""
    named = "unit_name" if subject.lang == "vi" else "unit_name_en"
    states = {row["unit_code"]: row["state"] for row in _coverage(subject)}
    whole = Row(((_WHOLE.to(subject.lang),), ("",), *_figures_of(subject, None)), whole=True)
    rows = [whole]
    for code, name in (
        subject.rollup.units.filter(view=subject.figures.view).select("unit_code", named).rows()
    ):
        if code in states or subject.figures.kinds(subject.period, code):
            state = STATES[states[code]].to(subject.lang) if code in states else "–"
            rows.append(Row(((name,), (state,), *_figures_of(subject, code))))
    heads = (
        _UNIT.to(subject.lang), Text("Báo cáo", "Return").to(subject.lang),
        *(_title(subject, measure) for measure, _ in _OF_UNITS),
    )  # fmt: skip
    return Table(heads, (20, 11, *(9 for _ in _OF_UNITS)), tuple(rows))


def _coverage(subject: Subject) -> list[dict[str, Any]]:
    return subject.rollup.coverage.filter(year=subject.year, period_kind=subject.period_kind).to_dicts()


def _figures_of(subject: Subject, unit: str | None) -> Iterator[Phrase]:
    for measure, cut in _OF_UNITS:
        numbers = subject.figures.of_unit(unit, measure, subject.period, **cut)
        yield with_kinds(numbers, subject.lang) if numbers else ("–",)


def _name(subject: Subject, measure: str) -> Phrase:
    return (_title(subject, measure),)


def _title(subject: Subject, measure: str) -> str:
    return (_NAMES.get(measure) or subject.figures.title(measure)).to(subject.lang)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


TABLES: Mapping[str, Callable[[Subject], Table]] = {
    "results": _results,
    "targets": _targets,
    "unit_targets": _unit_targets,
    "tools": _Cut(
        "tool",
        Text("Công cụ, hệ thống quản lý", "Tool or system"),
        (("enterprises_supported", {}), ("certificates_issued", {}), ("funding", _DISBURSED)),
    ),
    "sizes": _Cut(
        "size",
        Text("Quy mô doanh nghiệp", "Size of enterprise"),
        (("enterprises_supported", {}), ("funding", _DISBURSED)),
    ),
    "task_groups": _Cut(
        "task_group",
        Text("Nhóm nhiệm vụ, giải pháp", "Group of tasks"),
        (
            ("tasks", {}),
            ("enterprises_supported", {}),
            ("funding", _DISBURSED),
            ("funding_state", _DISBURSED),
        ),
        ("N1", "N2", "N3", "N4", "N5", "N6"),
    ),
    "money": _money,
    "comparison": _comparison,
    "plan36": _plan36,
    "plan36_units": _plan36_units,
    "units": _units,
}
"""The tables, each with what makes it."""
