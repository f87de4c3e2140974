"""Which figure of a roll-up a number of the report in Word is."""

from collections.abc import Sequence

from xltrack.documents.figures import Origin
from xltrack.documents.marking import read_marked
from xltrack.errors import UnknownName
from xltrack.forms import PeriodKind
from xltrack.language import Text
from xltrack.rollup.trace import Figure

_NAMED = ("measure", "period", "figures_kind", "view", "unit_code")


def figure_of_report(content: bytes, name: str) -> tuple[Figure, PeriodKind | None]:
    """Return the figure that the content control `name` of a report shows: "17", or its whole title; and its rounds.

    Raises UnknownName where there is none, and for a number that is no single figure, saying what it is.
    """
    known = read_marked(content) or {}
    place = (name.split() or [""])[-1]
    if place not in known:
        hint = Text(
            "Bấm vào một số liệu trong báo cáo để biết tên của nó, ví dụ “Số liệu 17”.",
            "Click a figure in the report to see its name, such as “Figure 17”.",
        )
        raise UnknownName(kind=Text("số liệu trong báo cáo", "figure in the report"), name=name, hint=hint)
    origins = known[place].origins
    if len(origins) > 1 or origins[0].frame != "figures":
        kind = Text("một số liệu riêng lẻ ở", "single figure at")
        raise UnknownName(kind=kind, name=name, hint=_what_it_is(origins))
    return _figure({one: str(value) for one, value in origins[0].where}), known[place].period_kind


def _figure(where: dict[str, str]) -> Figure:
    measure, period, kind, view, unit = (where.pop(name, "") for name in _NAMED)
    return Figure(measure, period, kind, "63" if view == "63" else "34", unit or None, where)


def _what_it_is(origins: Sequence[Origin]) -> Text:
    """Return what a number that is no single figure of a roll-up is made from."""
    if len(origins) > 1:
        units = ", ".join(str(dict(one.where).get("unit_code", "")) for one in origins)
        return Text(
            f"Số này là tổng của {len(origins)} số liệu, của các đơn vị: {units}. Hãy truy từng số bằng --unit.",
            f"It is the sum of {len(origins)} figures, of the units {units}. Trace each of them with --unit.",
        )
    return Text(
        f"Số này lấy từ bảng `{origins[0].frame}` của `xltrack rollup -o TỆP.json`, không cộng từ các ô.",
        f"It is from the table `{origins[0].frame}` of `xltrack rollup -o FILE.json`, not added up from cells.",
    )
