"""Fills the sheet of tools applied: what each supported enterprise does, over the years."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random

from xltrack.demo.names import certifier, consultant
from xltrack.demo.occasion import Occasion, Row, chance
from xltrack.demo.programme import Programme, Support
from xltrack.demo.trades import MILLION
from xltrack.forms import Schemas

_VERSIONS = {
    "ISO-9001": "ISO 9001:2015",
    "ISO-14001": "ISO 14001:2015",
    "ISO-22000": "ISO 22000:2018",
    "ISO-45001": "ISO 45001:2018",
    "ISO-50001": "ISO 50001:2018",
    "ISO-27001": "ISO/IEC 27001:2022",
    "IATF-16949": "IATF 16949:2016",
}
_RESULTS = (
    ("Tỷ lệ sản phẩm lỗi", "%", (5.0, 9.0), (0.5, 0.8)),
    ("Thời gian giao hàng", "ngày", (10.0, 20.0), (0.6, 0.9)),
    ("Năng suất lao động", "triệu đồng/người/tháng", (18.0, 45.0), (1.08, 1.3)),
    ("Tỷ lệ giao hàng đúng hạn", "%", (72.0, 85.0), (1.05, 1.15)),
)


def application_rows(occasion: Occasion, supports: Sequence[Support], programme: Programme) -> list[Row]:
    """Return the rows of the return: work begun this year, and work of last year that went on."""
    return [row for support in supports for row in _of_support(occasion.schemas, support, programme)]


def task_of(province: str) -> str:
    """Return the id of the task under which a province supports its enterprises in 2021-2025."""
    return f"NV{province[-2:]}-2021-01"


def _of_support(schemas: Schemas, support: Support, programme: Programme) -> Iterator[Row]:
    before = _year_before(support, programme)
    if support.standing == "past" and before:
        yield _ended(schemas, next(_of_support(schemas, before, programme)))
        return
    if before and _left_open(before):
        yield _finished(schemas, before, support, programme)
        if not support.pilot and not _left_open(support) and _draw(support).random() < 0.6:
            return
    yield from _begun(schemas, support, programme)


def _year_before(support: Support, programme: Programme) -> Support | None:
    """Return the support of the same enterprise by the same unit in the year before, if it counted then."""
    earlier = _numbered(tuple(programme.get((support.unit, support.year - 1), ())))
    return earlier.get(support.enterprise.number)


@lru_cache(maxsize=512)
def _numbered(supports: tuple[Support, ...]) -> Mapping[int, Support]:
    return {support.enterprise.number: support for support in supports if support.standing == "supported"}


def _left_open(support: Support) -> bool:
    """Return whether the first application of the year goes on into the next one."""
    return support.continued and chance("open", support.enterprise.number, support.year).random() < 0.7


def _draw(support: Support) -> Random:
    return chance("applications", support.enterprise.number, support.unit, support.year)


def _begun(schemas: Schemas, support: Support, programme: Programme) -> Iterator[Row]:
    """Yield the applications begun in the year: one or two, for a pilot model three, none of a tool still going on."""
    draw = _draw(support)
    draw.random()
    count = 3 if support.pilot else draw.choice((1, 1, 1, 2))
    going_on = _tool_going_on(schemas, support, programme)
    tools = [tool for tool in support.enterprise.trade.tools if tool != going_on]
    for index, tool in enumerate(draw.sample(tools, count), start=1):
        row = _plan(support, tool, index)
        if support.standing == "supported":
            yield _progress(schemas, row, support, goes_on=index == 1 and _left_open(support))
        else:
            yield row | {"status": support.standing}


def _tool_going_on(schemas: Schemas, support: Support, programme: Programme) -> str | None:
    before = _year_before(support, programme)
    if before is None or not _left_open(before):
        return None
    return str(next(_begun(schemas, before, programme))["tool_code"])


def _plan(support: Support, tool: str, index: int) -> Row:
    draw = chance("plan", support.enterprise.number, support.unit, support.year, index)
    year = support.year + (support.standing == "planned")
    start = date(year, 2, 1) + timedelta(days=draw.randint(0, 170))
    row: Row = {
        "application_id": f"HT{support.unit[-2:]}-{support.year}-{support.enterprise.number:04}-{index}",
        "programme": "1322",
        "tax_code": support.tax_code,
        "tool_code": tool,
        "task_group": "N4",
        "task_id": task_of(support.unit),
        "consultant": consultant(support.enterprise.number + index),
        "start_date": start,
        "end_date": min(start + timedelta(days=draw.randint(80, 200)), date(year, 10, 31)),
        "status": "completed",
        "pilot_model": support.pilot,
    }
    return row | ({"standard_version": _VERSIONS[tool]} if tool in _VERSIONS else {})


def _progress(schemas: Schemas, row: Row, support: Support, goes_on: bool) -> Row:
    """Return the row as the year's return shows it: finished, near its end, or going on next year."""
    draw = chance("progress", row["application_id"])
    if goes_on:
        end = date(support.year + 1, 3, 1) + timedelta(days=draw.randint(0, 150))
        return row | {"status": "doing", "end_date": end}
    if draw.random() < 0.15:
        return row | {
            "status": "doing",
            "end_date": date(support.year, 11, 20) + timedelta(days=draw.randint(0, 20)),
        }
    return row | _result(schemas, row)


def _finished(schemas: Schemas, before: Support, support: Support, programme: Programme) -> Row:
    """Return last year's open application, now finished, under the same id."""
    first = next(_begun(schemas, before, programme))
    now: Row = {"status": "completed", "pilot_model": support.pilot, "tax_code": support.tax_code}
    done = first | now
    return done | _result(schemas, done)


def _ended(schemas: Schemas, last: Row) -> Row:
    """Return an application of last year once more: it ended before this year began, so that it does not count."""
    return last | {"status": "completed"} | _result(schemas, last)


def _result(schemas: Schemas, row: Row) -> Row:
    draw = chance("result", row["application_id"])
    name, unit, before, factor = draw.choice(_RESULTS)
    value = round(draw.uniform(*before), 1)
    end = row["end_date"]
    found: Row = {
        "result_indicator": name,
        "value_before": value,
        "value_after": round(value * draw.uniform(*factor), 1),
        "result_unit": unit,
        "savings": draw.randint(20, 400) * MILLION,
        "evidence": f"Biên bản nghiệm thu số {draw.randint(1, 400)}/BB-DT (dựng thử)",
    }
    kind = schemas.code_lists["tools"].by_code[str(row["tool_code"])].extra["kind"]
    return found | (_certificate(draw, end) if kind == "certified" and isinstance(end, date) else {})


def _certificate(draw: Random, end: date) -> Row:
    issued = end - timedelta(days=draw.randint(0, 20))
    return {
        "certificate_no": f"DT-{draw.randint(1000, 9999)}",
        "certification_body": certifier(draw.randint(0, 9)),
        "issued_on": issued,
        "expires_on": issued.replace(year=issued.year + 3) - timedelta(days=1),
    }
