"""What a cell accepts and what it says when it is chosen: dropdowns, limits and prompts, derived from the schema."""

from collections.abc import Mapping
from typing import Any

from xltrack.excel.choices import Choice
from xltrack.excel.live import FIRST_SERIAL, LAST_SERIAL, Scene
from xltrack.forms import Column, Reference

TITLE_LIMIT = 32
MESSAGE_LIMIT = 255
"""Excel's limits of a prompt's title and text, in UTF-16 units."""
_LARGE = 999_999_999_999_999

_LIST_ERROR = "Giá trị này không có trong danh sách. Xin chọn một dòng trong danh sách thả xuống của ô."
_OPEN_ERROR = (
    "Giá trị này không có trong danh sách. Nếu đúng là mã riêng hoặc mã chi tiết hơn, bấm Có (Yes) để giữ."
)
_REFERENCE_ERROR = "Mã này chưa có ở trang được dẫn tới. Bấm Có (Yes) để giữ và bổ sung mã ở trang đó sau."
_NUMBER_ERROR = "Ô này chỉ nhận số{limits}. Không ghi chữ, đơn vị hoặc ký hiệu tiền trong ô."
_DATE_ERROR = "Ô này nhận ngày tháng đầy đủ dạng dd/mm/yyyy, ví dụ 05/03/2025."
_TAX_CODE_ERROR = "Mã số thuế có 10 chữ số, kể cả số 0 ở đầu; chi nhánh ghi thêm dấu gạch và 3 chữ số (-001)."
_LENGTH_ERROR = "Nội dung dài quá {limit} ký tự. Xin viết gọn lại."


def validation(scene: Scene, column: Column) -> dict[str, Any]:
    """Return the XlsxWriter options of the data validation of `column`."""
    told = {"input_title": shorten(column.title.vi, TITLE_LIMIT), "input_message": prompt(scene, column)}
    rule = _rule(scene, column)
    return {**told, "error_title": told["input_title"], **rule}


def prompt(scene: Scene, column: Column) -> str:
    """Return help, unit, example and English help, as much as fits."""
    parts = [column.help.vi]
    if column.money:
        parts.append(f"Đơn vị: {scene.wording.money.vi}.")
    example = scene.wording.example(scene.sheet, column)
    if example:
        parts.append(f"Ví dụ: {example}")
    parts.append(column.help.en)
    text = shorten(parts[0], MESSAGE_LIMIT)
    for part in parts[1:]:
        if units(f"{text}\n{part}") <= MESSAGE_LIMIT:
            text = f"{text}\n{part}"
    return text


def shorten(text: str, limit: int) -> str:
    """Return `text`, cut at a word and marked "…" where it has more than `limit` UTF-16 units."""
    if units(text) <= limit:
        return text
    while units(text) >= limit:
        text = text.rpartition(" ")[0] or text[:-1]
    return text.rstrip(" ,;.") + "…"


def units(text: str) -> int:
    """Return the length of `text` as Excel counts it."""
    return len(text.encode("utf-16-le")) // 2


def _rule(scene: Scene, column: Column) -> Mapping[str, Any]:
    choice = scene.choices.of.get((scene.sheet.id, column.id))
    if column.type == "boolean":
        return _list(f"=list_{scene.choices.yes_no.name}", _LIST_ERROR)
    if choice:
        message, kind = (_OPEN_ERROR, "warning") if column.code_open else (_LIST_ERROR, "stop")
        return _list(_offered(scene, column, choice), message, kind)
    if column.references:
        return _list(_targets(scene, column.references), _REFERENCE_ERROR, "warning")
    if column.type == "date":
        limits = {"criteria": "between", "minimum": FIRST_SERIAL, "maximum": LAST_SERIAL}
        return {"validate": "date", "error_message": _DATE_ERROR} | limits
    if column.type in ("integer", "number"):
        return _number(scene, column)
    return _text(column)


def _list(source: str, message: str, kind: str = "stop") -> Mapping[str, Any]:
    return {"validate": "list", "source": source, "error_message": message, "error_type": kind}


def _offered(scene: Scene, column: Column, choice: Choice) -> str:
    """Return the source of a dropdown; a dependent one shows everything until its parent is chosen."""
    if column.code_parent is None:
        return f"=list_{choice.name}"
    if not choice.pairs:
        return "=no_choice"
    parent, name = scene.place.cell[column.code_parent], choice.name
    below = f"OFFSET(first_{name},MATCH({parent},parent_{name},0)-1,0,COUNTIF(parent_{name},{parent}),1)"
    return f"=IF(COUNTIF(parent_{name},{parent})=0,list_{name},{below})"


def _targets(scene: Scene, reference: Reference) -> str:
    """Return the filled cells of the column referred to; which column may depend on another cell of the row."""
    if reference.by is None:
        ((sheet, column),) = reference.targets.values()
        return f"=pick_{sheet}_{column}"
    by = scene.sheet.by_id[reference.by]
    formula = "no_choice"
    for value, (sheet, column) in reversed(tuple(reference.targets.items())):
        formula = f"IF({scene.surroundings.in_row(scene.one_of(by, value))},pick_{sheet}_{column},{formula})"
    return f"={formula}"


def _number(scene: Scene, column: Column) -> Mapping[str, Any]:
    declared = column.schema
    limits = [declared.get("minimum", declared.get("exclusiveMinimum")), declared.get("maximum")]
    low, high = (scene.wording.amount(n) if column.money and n is not None else n for n in limits)
    words = (f" từ {low}" if low is not None else "") + (f" đến {high}" if high is not None else "")
    strict = "exclusiveMinimum" in declared and "minimum" not in declared and high is None
    return {
        "validate": "integer" if column.type == "integer" and not column.money else "decimal",
        "criteria": ">" if strict else "between",
        "minimum": -_LARGE if low is None else low,
        "maximum": _LARGE if high is None else high,
        "error_message": _NUMBER_ERROR.format(limits=words),
    }


def _text(column: Column) -> Mapping[str, Any]:
    if column.checksum:
        limits = {"criteria": "between", "minimum": 10, "maximum": 14}
        return {"validate": "length", "error_message": _TAX_CODE_ERROR} | limits
    limit = column.schema.get("maxLength")
    if limit is None:
        return {"validate": "any"}
    message = _LENGTH_ERROR.format(limit=limit)
    return {"validate": "length", "criteria": "<=", "value": limit, "error_message": message}
