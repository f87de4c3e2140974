"""What the cover may say that does not fit the workbook: another unit, round or form than it was made out for.

The conditions are those of `xltrack.reading.cover` and `xltrack.reading.workbook`.
"""

from collections.abc import Iterator

from xltrack.excel.conditions import every, given, literal, no, some
from xltrack.excel.live import Check, Scene, readable, understood
from xltrack.excel.manifest import own_name
from xltrack.forms import Column

_DASH = " – "
"""Stands between code and name in the dropdown of units."""


def cover_checks(scene: Scene) -> Iterator[Check]:
    """Yield what may be wrong on the cover beyond its single cells; `scene` is that of the cover."""
    form, columns = scene.form, scene.sheet.by_id
    yield _identity(scene, "XLT106", columns["form_id"], form.id)
    yield _identity(scene, "XLT107", columns["form_version"], *form.accepts)
    names_differ = _names_differ(scene)
    yield Check("XLT131", "unit_code", names_differ)
    other_unit = every(
        _known_unit(scene), f"(LEN({own_name('unit')})>0)", f"({_code(scene)}<>{own_name('unit')})"
    )
    yield Check("XLT124", "unit_code", every(other_unit, no(f"IFERROR({names_differ},0)")))
    unknown = _unknown_round(scene)
    yield Check("XLT123", "year", unknown)
    yield Check("XLT125", "year", every(_other_round(scene), no(unknown)))


def _identity(scene: Scene, code: str, column: Column, *accepted: str) -> Check:
    at = scene.at(column.id)
    known = {"expected": ", ".join(accepted), "accepts": ", ".join(accepted)}
    differs = every(*(f"(TRIM({at})<>{literal(one)})" for one in accepted))
    return Check(code, column.id, every(given(at), differs), known)


def _known_unit(scene: Scene) -> str:
    return understood(scene, scene.sheet.by_id["unit_code"])


def _code(scene: Scene) -> str:
    at = f"TRIM({scene.at('unit_code')})"
    return f'LEFT({at},FIND(" ",{at}&" ")-1)'


def _names_differ(scene: Scene) -> str:
    """Return: the name is that of a unit in the dropdown, but not of the one chosen."""
    choice = scene.choices.of[scene.sheet.id, "unit_code"]
    name, units = f"TRIM({scene.at('unit_name')})", f"list_{choice.name}"
    is_name = f'(SUMPRODUCT(--(RIGHT({units},LEN({name})+{len(_DASH)})="{_DASH}"&{name}))>0)'
    of_this = f'(SUMPRODUCT(--({units}={_code(scene)}&"{_DASH}"&{name}))>0)'
    return every(_known_unit(scene), given(scene.at("unit_name")), is_name, no(of_this))


def _round_given(scene: Scene) -> list[str]:
    year, period = (scene.sheet.by_id[name] for name in ("year", "period_kind"))
    return [readable(year, scene.at("year")), understood(scene, period)]


def _unknown_round(scene: Scene) -> str:
    period = scene.sheet.by_id["period_kind"]
    years: dict[str, list[int]] = {}
    for one in scene.wording.schemas.units.rounds:
        years.setdefault(one.period_kind, []).append(one.year)
    known = [
        every(scene.one_of(period, kind), some(*(f"({scene.at('year')}={year})" for year in there)))
        for kind, there in years.items()
    ]
    return every(*_round_given(scene), no(some(*known)))


def _other_round(scene: Scene) -> str:
    """Return: another round than that of the workbook, if it was made out for one."""
    period = scene.sheet.by_id["period_kind"]
    kinds = {one.period_kind for one in scene.wording.schemas.units.rounds}
    same = [every(f'({own_name("period")}="{kind}")', scene.one_of(period, kind)) for kind in sorted(kinds)]
    same_round = every(f'({scene.at("year")}&""={own_name("year")}&"")', some(*same))
    return every(*_round_given(scene), f"(LEN({own_name('year')})>0)", no(same_round))
