"""One sheet of the national workbook: titles, native tables, heat colours, no formula that came from data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from xltrack.excel.formats import GREY, LINE, NAVY, PALE, WHITE
from xltrack.excel.heads import Cell, Head, Kind
from xltrack.excel.tracing import Noted, Traced
from xltrack.excel.wording import DIGITS, TEXT_LIMIT, serial
from xltrack.hanoi import is_day
from xltrack.language import Lang, Text
from xltrack.rollup.summary import number

RED = "#9C0006"
_PAPER = 170
"""As many characters as the longest remark on a table has, so that none is cut off in print."""
_LINE = 15
MILLIONS = "#,##0.0,,"
"""Shows đồng in millions with one decimal; the cell keeps every đồng."""
SPOKEN_MILLIONS = Text('#,##0.0,," tr"', '#,##0.0,," mn"')
"""The same where no heading can say so: programs that show the pivot in their own way show đồng."""
_DONG = Text("đồng", "VND")
_BAR, _SMALL = "#9DC3E6", "#8FAACB"
_AIR = 1.3
"""How much higher a cell is than the columns in it, so that they do not touch those of the row above."""
_HEAT = {"type": "2_color_scale", "min_color": WHITE, "max_color": "#9DC3E6"}
_KINDS: dict[Kind, dict[str, object]] = {
    "text": {"num_format": 49, "align": "left", "indent": 1},
    "long": {"num_format": 49, "align": "left", "text_wrap": True, "indent": 1},
    "number": {"num_format": 3},
    "bar": {"num_format": 3, "align": "left", "indent": 1},
    "money": {"num_format": MILLIONS},
    "decimal": {"num_format": "#,##0.0"},
    "date": {"num_format": "dd/mm/yyyy", "align": "center"},
    "time": {"num_format": "dd/mm/yyyy hh:mm", "align": "center"},
}

_NUMBERED: tuple[Kind, ...] = ("text", "number", "decimal")
"""The formats of tables whose rows are made before their workbook is."""


class Look:
    """The formats of one workbook, each made once, and which figure of the roll-up stands in which cell."""

    def __init__(self, book: Workbook, lang: Lang = "vi") -> None:
        self._book = book
        self._kinds = _KINDS | {"millions": {"num_format": SPOKEN_MILLIONS.to(lang)}}
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}
        self.traced: list[Noted] = []
        for kind in _NUMBERED:
            self.number(kind)

    def number(self, kind: Kind) -> str:
        """Return the number by which cells name the format of a table's cell: it is known before anything is written.

        XlsxWriter numbers formats as it meets them in cells when the workbook is closed, but for those asked here.
        """
        return str(self.cell(kind)._get_xf_index())  # noqa: SLF001  # it has no other way to tell

    def of(self, **properties: object) -> Format:
        """Return the format with these XlsxWriter properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(properties))
        return self._made[key]

    def cell(self, kind: Kind, *, tall: bool = False, right: bool = False, bold: bool = False) -> Format:
        """Return the format of a table's cell; `tall` rows are read from their top, `right` text like a number."""
        weight: dict[str, object] = {"bold": True} if bold else {}
        line = {"bottom": 1, "bottom_color": "#E3E8EE", "valign": "top" if tall else "vcenter"}
        return self.of(**self._kinds[kind] | line | weight | ({"align": "right"} if right else {}))

    def head(self) -> Format:
        """Return the format of a table's heading."""
        colours = {"bg_color": PALE, "font_color": NAVY, "bottom": 1, "bottom_color": LINE}
        return self.of(bold=True, text_wrap=True, align="center", valign="vcenter", **colours)

    def title(self) -> Format:
        """Return the format of a sheet's title."""
        return self.of(bold=True, font_size=16, font_color=NAVY, valign="vcenter")

    def section(self) -> Format:
        """Return the format of the title above a table."""
        return self.of(bold=True, font_size=12, font_color=NAVY, valign="vcenter")

    def note(self) -> Format:
        """Return the format of a remark."""
        return self.of(italic=True, font_color=GREY, valign="vcenter")


class Page:
    """One sheet that is written from top to bottom; `row` is the next free row, counted from 0."""

    def __init__(self, book: Workbook, look: Look, lang: Lang, name: Text, title: Text) -> None:
        """Add the sheet `name` to `book`, with `title` in its first row."""
        self.sheet: Worksheet = book.add_worksheet(name.to(lang))
        self.look = look
        self.lang = lang
        self.row = 0
        self._tables = 0
        self._widths: dict[int, float] = {}
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&C&P / &N")
        self.sheet.set_row(0, 26)
        self.sheet.write_string(0, 0, title.to(lang), look.title())
        self.row = 1

    def note(self, *lines: Text) -> None:
        """Write remarks, one a row."""
        for line in lines:
            self.sheet.write_string(self.row, 0, line.to(self.lang), self.look.note())
            self.row += 1

    def warn(self, line: Text) -> None:
        """Write what nobody may overlook."""
        look = self.look.of(bold=True, font_size=12, font_color=RED)
        self.sheet.write_string(self.row, 0, line.to(self.lang), look)
        self.row += 1

    def section(self, title: Text) -> None:
        """Write the title of the table that follows, after one free row."""
        self.row += 1
        self.sheet.write_string(self.row, 0, title.to(self.lang), self.look.section())
        self.row += 1

    def table(
        self,
        heads: Sequence[Head],
        rows: Sequence[Sequence[Cell]],
        *,
        freeze: bool = False,
        name: str | None = None,
    ) -> tuple[int, int]:
        """Write a native table and return its first and last row of data; `freeze` keeps its heading in sight."""
        tall = any(head.kind == "long" for head in heads)
        first, last = self.row + 1, self.row + max(len(rows), 1)
        columns = [
            {"header": title, "header_format": self.look.head()} for title in _unique(heads, self.lang)
        ]
        self.sheet.add_table(
            self.row,
            0,
            last,
            len(heads) - 1,
            {"columns": columns, "name": name or self._name(), "style": None},
        )
        self.sheet.set_row(
            self.row, _LINE * max(_lines(head.title.to(self.lang), head.width) for head in heads) + 4
        )
        for place, row in enumerate(rows, first):
            if tall:
                self.sheet.set_row(place, _LINE * _height(heads, row) + 2)
            for column, (value, head) in enumerate(zip(row, heads, strict=True)):
                self.write((place, column), value, head.kind, tall=tall)
        for column, head in enumerate(heads):
            self._widths[column] = max(head.width, self._widths.get(column, 0))
        if freeze:
            self.sheet.freeze_panes(self.row + 1, 1)
            self.sheet.repeat_rows(self.row)
        self.row = last + 1
        return first, last

    def mark(self, column: int, rows: tuple[int, int], colours: Mapping[str, str]) -> None:
        """Colour the cells of a column whose text is one of `colours`."""
        for text, colour in colours.items():
            rule = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{text}"',
                "format": self.look.of(font_color=colour),
            }
            self.sheet.conditional_format(rows[0], column, rows[1], column, rule)

    def heat(self, first_row: int, first_column: int, last_row: int, last_column: int) -> None:
        """Colour the cells of a range from pale to blue by their value."""
        self.sheet.conditional_format(first_row, first_column, last_row, last_column, _HEAT)

    def block(self, rows: int, span: tuple[int, int], text: str, format_: Format) -> None:
        """Write one text over `rows` rows from the next one on, and the columns of `span`; the next row stays."""
        if rows > 1 or span[0] != span[1]:
            self.sheet.merge_range(self.row, span[0], self.row + rows - 1, span[1], "", format_)
        self.sheet.write_string(self.row, span[0], text, format_)

    def made_of(self, place: tuple[int, int], figures: Iterable[int | None]) -> None:
        """Note which figures the text at `place` is put together from."""
        named = (figure.key for figure in figures if isinstance(figure, Traced))
        self.look.traced += [(self.sheet.get_name(), place, key) for key in named]

    def bars(self, first: tuple[int, int], last: tuple[int, int], most: float | None) -> None:
        """Draw a bar in each cell of a range as long as its number: `most`, or the largest of them, fills the cell."""
        rule: dict[str, object] = {
            "type": "data_bar", "bar_solid": True, "bar_color": _BAR, "bar_border_color": _BAR,
            "min_type": "num", "min_value": 0,
        }  # fmt: skip
        if most is not None:
            rule |= {"max_type": "num", "max_value": most, "bar_only": True}
        self.sheet.conditional_format(*first, *last, rule)

    def trend(self, place: tuple[int, int], first: int, values: Sequence[int | None]) -> None:
        """Draw in a cell small columns, from nought up, for the `values` that stand in its row from `first` on."""
        most = max((value or 0 for value in values), default=0)
        if most > 0 and len(values) > 1:
            area = xl_range_abs(place[0], first, place[0], first + len(values) - 1)
            tab = self.sheet.get_name().replace("'", "''")
            look = {"type": "column", "series_color": _SMALL, "last_point": True, "last_color": NAVY}
            height = {"min": 0, "max": most * _AIR}
            self.sheet.add_sparkline(*place, {"range": f"'{tab}'!{area}", **look, **height})

    def write(
        self, place: tuple[int, int], value: Cell, kind: Kind, *, tall: bool = False, bold: bool = False
    ) -> None:
        """Write one cell as text, number or date, never as a formula or link.

        A day that was given without a time is written as a day. A number of more digits than Excel keeps is written as
        text; money then says that it is in đồng.
        """
        if kind == "time" and isinstance(value, datetime) and is_day(value):
            value, kind = value.date(), "date"
        format_ = self.look.cell(kind, tall=tall, bold=bold)
        if isinstance(value, Traced):
            self.look.traced.append((self.sheet.get_name(), place, value.key))
        if value is None:
            self.sheet.write_blank(*place, None, format_)
        elif isinstance(value, str):
            self.sheet.write_string(*place, value[:TEXT_LIMIT], format_)
        elif isinstance(value, date):
            self.sheet.write_number(*place, _serial(value), format_)
        elif isinstance(value, int) and len(str(abs(value)).rstrip("0")) > DIGITS:
            unit = f" {_DONG.to(self.lang)}" if kind in ("money", "millions") else ""
            right = self.look.cell(kind, tall=tall, right=True, bold=bold)
            self.sheet.write_string(*place, f"{number(value, self.lang)}{unit}", right)
        else:
            self.sheet.write_number(*place, value, format_)

    def print_no_rows(self, heads: Sequence[Head]) -> None:
        """Let only what stands above the next row be printed, and say so: what follows is a table to work with."""
        self.note(
            Text(
                "Khi in, trang này chỉ in phần đầu; muốn in cả bảng thì bỏ vùng in (Page Layout, Print Area).",
                "Only this head of the sheet is printed; for the whole table clear the print area (Page Layout).",
            )
        )
        widths = accumulate(head.width for head in heads)
        last = next((place for place, width in enumerate(widths) if width >= _PAPER), len(heads) - 1)
        self.sheet.print_area(0, 0, self.row - 1, last)

    def close(self) -> None:
        """Set the widths that the tables asked for."""
        for column, width in self._widths.items():
            self.sheet.set_column(column, column, width)

    def _name(self) -> str:
        self._tables += 1
        return f"tbl_{self.sheet.index + 1:02d}_{self._tables}"


def _height(heads: Sequence[Head], row: Sequence[Cell]) -> int:
    """Return how many lines the longest wrapped text of a row needs."""
    return max(_lines(str(v or ""), h.width) for h, v in zip(heads, row, strict=True) if h.kind == "long")


def _lines(text: str, width: float) -> int:
    """Return how many lines `text` takes in a column, words kept whole; programs do not all fit rows by themselves."""
    return sum(-(-len(line) // int(width)) or 1 for line in text.split("\n"))


def _unique(heads: Sequence[Head], lang: Lang) -> Iterator[str]:
    seen: dict[str, int] = {}
    for head in heads:
        title = head.title.to(lang)
        seen[title.casefold()] = seen.get(title.casefold(), 0) + 1
        yield title if seen[title.casefold()] == 1 else f"{title} ({seen[title.casefold()]})"


def _serial(moment: date) -> float:
    """Return a day, or a moment to the minute, as Excel's number."""
    if isinstance(moment, datetime):
        return serial(moment.date()) + (moment.hour * 60 + moment.minute) / 1440
    return serial(moment)
