"""Why a trace found nothing: zero is said only of a unit that has reported, of a cut and a period that there are."""

from dataclasses import replace

from xltrack.errors import NoFigures, OptionNeeded, UnknownName
from xltrack.forms import CodeList, PeriodKind, Schemas
from xltrack.language import Text
from xltrack.reading.codes import alike, readings
from xltrack.rollup.definitions import groups
from xltrack.rollup.grain import SPANS
from xltrack.rollup.labels import OTHER_WORDS, list_of
from xltrack.rollup.model import FIGURES_KINDS
from xltrack.rollup.summary import KINDS
from xltrack.rollup.trace import Figure, group_of, senders, years_of
from xltrack.store import Store

_MOST_LISTED = 12


def check_options(figure: Figure, schemas: Schemas) -> None:
    """Let `figure` name the codes that tell which figure is meant; raises OptionNeeded with those there are."""
    having = [group for group in groups() if figure.measure in group.measures]
    fitting = [group for group in having if set(figure.cut) <= set(group.dimensions)]
    missing = [name for group in fitting for name in group.always if name not in figure.cut]
    if fitting and all(set(group.always) - set(figure.cut) for group in fitting):
        listed = "; ".join(
            f"{_option(name)} ({', '.join(entry.code for entry in _codes(figure, name, schemas).codes)})"
            for name in dict.fromkeys(missing)
        )
        raise OptionNeeded(name=figure.measure, options=listed)


def kinds_reported(store: Store, figure: Figure, period_kind: PeriodKind) -> tuple[str, ...]:
    """Return the kinds of figures of the returns that `figure` may be made of; () if nothing that counts has come."""
    first, last = years_of(figure.period)
    units = [figure.unit_code] if figure.view == "reported" else senders(store, figure)
    found = store.rows(
        'SELECT DISTINCT figures_kind FROM "return" WHERE period_kind = $kind AND year BETWEEN $first AND $last '
        "AND ($unit IS NULL OR list_contains($units, unit_code))",
        {"kind": period_kind, "first": first, "last": last, "unit": figure.unit_code, "units": units},
    )
    return tuple(kind for kind in FIGURES_KINDS if (kind,) in found)


def silent_members(store: Store, figure: Figure, period_kind: PeriodKind) -> tuple[tuple[int, str], ...]:
    """Return year and code of what a province was made of and has not reported, while others that it was made of have.

    None in a year in which the province reported itself, or none of them did.
    """
    members = store.schemas.units.predecessors.get(figure.unit_code or "", ())
    first, last = years_of(figure.period)
    sent: dict[int, set[str]] = {}
    query = (
        'SELECT year, unit_code FROM "return" WHERE period_kind = ? AND year BETWEEN ? AND ? '
        "AND list_contains(?, unit_code)"
    )
    for year, code in store.rows(query, [period_kind, first, last, [figure.unit_code, *members]]):
        sent.setdefault(year, set()).add(code)
    return tuple(
        (year, code)
        for year, found in sorted(sent.items())
        if figure.unit_code not in found
        for code in members
        if code not in found
    )


def check_zero(figure: Figure, kinds: tuple[str, ...], schemas: Schemas, period_kind: PeriodKind) -> None:
    """Let `figure`, of which nothing was found, be a zero: all that it names exists, and its returns have come.

    `kinds` are those of `kinds_reported`. Raises UnknownName for a code, a place or a period that there is not, and
    NoFigures where nothing was reported from which a figure could be known.
    """
    for name, code in figure.cut.items():
        _check_code(figure, name, code, schemas)
    _check_place(figure, schemas)
    if period_kind == "annual":
        _check_years(figure)
    if figure.figures_kind not in kinds:
        raise NoFigures(reason=_unreported(figure, kinds, schemas, period_kind))


def is_code(figure: Figure, name: str, code: str, schemas: Schemas) -> bool:
    """Return whether the dimension `name` of `figure` may be `code`."""
    return code in OTHER_WORDS or any(entry.code == code for entry in _codes(figure, name, schemas).codes)


def _codes(figure: Figure, name: str, schemas: Schemas) -> CodeList:
    """Return the codes of a dimension; a sector is named with the version of its list, "2018-C"."""
    if name != "sector":
        having = (
            group for group in groups() if figure.measure in group.measures and name in group.dimensions
        )
        return schemas.code_lists[next(found for group in having if (found := list_of(group.file, name)))]
    vsic = schemas.code_lists["vsic"]
    return replace(vsic, codes=tuple(replace(one, code=f"{one.parent}-{one.code}") for one in vsic.codes))


def _check_code(figure: Figure, name: str, code: str, schemas: Schemas) -> None:
    if is_code(figure, name, code, schemas):
        return
    listed = _codes(figure, name, schemas)
    likely = alike(listed, code)
    near = readings(likely)
    hint = Text(f"Có phải {near.vi} không?", f"Is it {near.en}?") if likely else Text("", "")
    if len(listed.codes) <= _MOST_LISTED or not likely:
        known = ", ".join(entry.code for entry in listed.codes)
        hint = Text(f"{hint.vi} Các mã: {known}.".strip(), f"{hint.en} The codes are {known}.".strip())
    raise UnknownName(kind=Text(f"mã {_option(name)}", f"code for {_option(name)}"), name=code, hint=hint)


def _check_place(figure: Figure, schemas: Schemas) -> None:
    """Let the unit be one of its view: a province has its figures among the 63 or among the 34."""
    unit = schemas.units.by_code.get(figure.unit_code or "")
    if unit is None or not unit.is_province or figure.view in (unit.scheme, "reported"):
        return
    units = schemas.units
    others = units.predecessors.get(unit.code) or (units.successor.get(unit.code, ""),)
    found = [units.by_code[code] for code in others if code]
    vi, en = (", ".join(f"{one.code} ({one.name.to(lang)})" for one in found) for lang in ("vi", "en"))
    raise UnknownName(
        kind=Text(f"đơn vị trong {figure.view} tỉnh", f"unit among the {figure.view} provinces"),
        name=unit.code,
        hint=Text(
            f"Bỏ --view {figure.view}, hoặc nêu --unit {vi}.",
            f"Leave out --view {figure.view}, or say --unit {en}.",
        ),
    )


def _check_years(figure: Figure) -> None:
    """Let several years be those over which the measure is counted."""
    first, last = years_of(figure.period)
    summed = group_of(figure).spans != "none"
    if "-" not in figure.period or (summed and (first, last) in SPANS):
        return
    spans = ", ".join(f"{one}-{other}" for one, other in SPANS)
    hint = Text(f"Có: từng năm, {spans}.", f"There are single years, and {spans}.")
    if not summed:
        hint = Text("Chỉ số này chỉ có theo từng năm.", "This measure is counted by single years only.")
    kind = Text(f"`{figure.measure}` theo kỳ", f"`{figure.measure}` over the period")
    raise UnknownName(kind=kind, name=figure.period, hint=hint)


def _unreported(figure: Figure, kinds: tuple[str, ...], schemas: Schemas, period_kind: PeriodKind) -> Text:
    """Return who has not reported in which round, or reported figures of the other kind only."""
    label = schemas.code_lists["period_kinds"].by_code[period_kind].label
    unit = schemas.units.by_code.get(figure.unit_code or "")
    who = Text(f"{unit.name.vi} ({unit.code})", f"{unit.name.en} ({unit.code})") if unit else None
    who = who or Text("cả nước", "the nation")
    vi, en = f"kỳ {label.vi.lower()} {figure.period}", f"the {label.en.lower()} round {figure.period}"
    if kinds:
        kind = KINDS[kinds[0]]
        return Text(
            f"{who.vi} {vi} chỉ có số {kind.vi} (--figures {kinds[0]})",
            f"{who.en} has only {kind.en} figures in {en} (--figures {kinds[0]})",
        )
    return Text(f"{who.vi} chưa có báo cáo được tính của {vi}", f"{who.en} has no return that counts in {en}")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
