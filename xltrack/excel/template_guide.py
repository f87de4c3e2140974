"""The instruction sheet: what the form is, in which order to fill it in, where each sheet is, what colours mean."""

from collections.abc import Iterator
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from xltrack.excel.formats import LINE, Formats
from xltrack.excel.wording import Wording
from xltrack.forms import Form, Round, Unit
from xltrack.language import Text

TAB = "HUONG_DAN"
CHECK_TAB = "Kiểm tra"
"""The sheet on which the workbook checks itself."""
WIDTHS = (2, 5, 15, 68, 2, 62)
_NUMBER, _NAME, _TEXT, _GAP, _ENGLISH = range(1, 6)
"""The columns, counted from 0: steps are told in name and text, sheets and colours named in number and name."""
_STEP = WIDTHS[_NAME] + WIDTHS[_TEXT]
_SMALL = WIDTHS[_ENGLISH] * 11 // 10
"""Characters of the smaller English that fit on one line."""
COLOURS = {
    "missing": Text("Ô bắt buộc còn trống.", "A required cell is blank."),
    "wrong": Text(
        "Giá trị sai: không có trong danh sách, sai kiểu, ngoài giới hạn, trùng mã hoặc dẫn tới mã chưa có.",
        "A wrong value: not in the list, wrong type, out of limits, a repeated code or a code that does not exist.",
    ),
    "doubtful": Text(
        "Giá trị cần kiểm tra lại, ví dụ chữ số kiểm tra của mã số thuế không khớp.",
        "A value to check again, for example a tax code whose check digit does not fit.",
    ),
    "required heading": Text("Cột bắt buộc (có dấu *).", "A required column (marked *)."),
    "heading": Text("Cột không bắt buộc.", "An optional column."),
}
SAMPLES = {"missing": "Còn thiếu", "wrong": "Sai", "doubtful": "Kiểm tra", "required heading": "Tên cột *"}
HABITS = (
    Text(
        f"Trước khi gửi, mở trang “{CHECK_TAB}”: trang này cho biết còn chỗ nào phải sửa, bấm vào địa chỉ để đến đó. "
        "Khi thấy “SẴN SÀNG GỬI” thì lưu tệp và gửi.",
        f"Before you send it, open the sheet “{CHECK_TAB}”: it says what is still to be mended, with links. When it "
        "says “Ready to send”, save the file and send it.",
    ),
    Text(
        "Dán dữ liệu từ tệp khác: dùng Dán đặc biệt > Giá trị (Paste Special > Values) "
        "để không mất danh sách chọn và màu báo.",
        "When you paste from another file, use Paste Special > Values, so that lists and colours stay.",
    ),
    Text(
        "Các trang được khóa không có mật khẩu: vẫn sắp xếp, lọc, định dạng, đổi độ rộng cột được bình thường.",
        "The sheets are locked without a password: sorting, filtering, formatting and column widths "
        "are still open to you.",
    ),
)


@dataclass(frozen=True)
class Guide:
    """What the instruction sheet speaks of."""

    form: Form
    unit: Unit | None
    round: Round | None
    wording: Wording


def write_guide(sheet: Worksheet, guide: Guide, formats: Formats) -> None:
    """Write the instruction sheet of `guide`."""
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    row = _write_head(sheet, guide, formats)
    row = _write_steps(sheet, row, guide, formats)
    row = _write_sheets(sheet, row, guide.form, formats)
    row = _write_colours(sheet, row, formats)
    sheet.hide_gridlines(2)
    sheet.set_tab_color("#1F4E78")
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, row, len(WIDTHS) - 1)
    sheet.set_margins(left=0.8, right=0.5, top=0.6, bottom=0.6)


def _write_head(sheet: Worksheet, guide: Guide, formats: Formats) -> int:
    form = guide.form
    sheet.set_row(0, 28)
    sheet.write_string(0, _NUMBER, f"HƯỚNG DẪN ĐIỀN BIỂU MẪU {form.id}", formats["title"])
    sheet.set_row(1, 20)
    sheet.write_string(1, _NUMBER, form.title.vi, formats["subtitle"])
    sheet.write_string(2, _NUMBER, f"{form.title.en} · version {form.version}", formats["help"])
    sheet.set_row(3, 6)
    sheet.set_row(4, _height(form.help.vi, WIDTHS[_NUMBER] + _STEP) + 10)
    sheet.merge_range(4, _NUMBER, 4, _TEXT, form.help.vi, formats["remark"])
    sheet.write_string(4, _ENGLISH, form.help.en, formats["english"])
    row = 6
    for line in _who(guide):
        sheet.write_string(row, _NUMBER, line.vi, formats["subtitle"])
        sheet.write_string(row, _ENGLISH, line.en, formats["english"])
        row += 1
    return row + 1 if row > 6 else row


def _who(guide: Guide) -> Iterator[Text]:
    if guide.unit:
        name = guide.unit.name
        yield Text(
            f"Đơn vị báo cáo: {name.vi} ({guide.unit.code})", f"Reporting unit: {name.en} ({guide.unit.code})"
        )
    if guide.round:
        kind = _period(guide)
        due = guide.round.on_time_until.strftime("%d/%m/%Y")
        yield Text(
            f"Kỳ báo cáo: {kind.vi.lower()} {guide.round.year} · Đúng hạn: nhận được chậm nhất ngày {due}",
            f"Round: {kind.en.lower()} {guide.round.year} · on time if received by {due}",
        )


def _period(guide: Guide) -> Text:
    column = guide.form.cover.by_id["period_kind"]
    codes = guide.wording.schemas.codes_of(column)
    kind = guide.round.period_kind if guide.round else ""
    return codes.by_code[kind].label if codes else Text(kind, kind)


def _write_steps(sheet: Worksheet, row: int, guide: Guide, formats: Formats) -> int:
    row = _write_section(sheet, row, Text("Cách điền", "How to fill it in"), formats)
    for number, line in enumerate((*guide.form.instructions, *HABITS), 1):
        _write_english(sheet, row, line, _STEP, formats)
        sheet.write_number(row, _NUMBER, number, formats["number"])
        sheet.merge_range(row, _NAME, row, _TEXT, line.vi, formats["text"])
        row += 1
    return row + 1


def _write_sheets(sheet: Worksheet, row: int, form: Form, formats: Formats) -> int:
    row = _write_section(sheet, row, Text("Các trang (bấm tên để mở)", "The sheets (click a name)"), formats)
    for entry in form.sheets:
        vi, en = (f"{title}: {told}" for title, told in zip(entry.title, entry.help, strict=True))
        _write_english(sheet, row, Text(vi, en), WIDTHS[_TEXT], formats)
        sheet.merge_range(row, _NUMBER, row, _NAME, "", formats["link"])
        sheet.write_url(row, _NUMBER, f"internal:'{entry.tab}'!A1", formats["link"], entry.tab)
        sheet.write_string(row, _TEXT, vi, formats["text"])
        row += 1
    return row + 1


def _write_colours(sheet: Worksheet, row: int, formats: Formats) -> int:
    row = _write_section(sheet, row, Text("Màu báo trong khi điền", "Colours while you fill it in"), formats)
    for style, meaning in COLOURS.items():
        look = (
            formats[style]
            if "heading" in style
            else formats.of(style, border=1, border_color=LINE, align="center", valign="vcenter")
        )
        _write_english(sheet, row, meaning, WIDTHS[_TEXT], formats)
        sheet.merge_range(row, _NUMBER, row, _NAME, SAMPLES.get(style, "Tên cột"), look)
        sheet.write_string(row, _TEXT, meaning.vi, formats["text"])
        row += 1
    return row


def _write_section(sheet: Worksheet, row: int, title: Text, formats: Formats) -> int:
    sheet.set_row(row, 22)
    sheet.write_string(row, _NUMBER, f"{title.vi} — {title.en}", formats["subtitle"])
    return row + 1


def _write_english(sheet: Worksheet, row: int, line: Text, width: int, formats: Formats) -> None:
    """Write the English of `line`, and make the row high enough for its Vietnamese in `width` characters."""
    sheet.set_row(row, max(_height(line.vi, width), _height(line.en, _SMALL)) + 4)
    sheet.write_string(row, _ENGLISH, line.en, formats["english"])


def _height(text: str, width: int) -> int:
    """Return the height in points of `text` wrapped in a column of `width` characters."""
    return 15 * (1 + int(len(text) * 0.96) // width)
