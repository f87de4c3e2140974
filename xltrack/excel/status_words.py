"""How a round's status is said: in sentences, unit by unit, and the files that wait for a person."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from xltrack.excel.heads import Cell, Head
from xltrack.excel.states import STATES
from xltrack.forms import Schemas, Unit
from xltrack.hanoi import in_hanoi, known_until
from xltrack.language import Lang, Text
from xltrack.store import Completeness, ListedFile, UnitStatus
from xltrack.store.status import UnitState

UNITS = (
    Head(Text("Đơn vị", "Unit"), width=34),
    Head(Text("Tình trạng", "State"), width=16),
    Head(Text("Nhận lúc (Hà Nội)", "Received (Hà Nội)"), "time", 18),
    Head(Text("Bản được tính, nhận lúc", "What counts, received"), "time", 18),
    Head(Text("Không phát sinh", "Nil"), width=10),
    Head(Text("Báo cáo bởi", "Reported by"), "long", 26),
    Head(Text("Lỗi", "Errors"), "number", 9),
    Head(Text("Cảnh báo", "Warnings"), "number", 10),
    Head(Text("Dòng giữ lại", "Rows held back"), "number", 10),
    Head(Text("Tệp chờ quyết định", "Files held"), "number", 11),
    Head(Text("Tệp bị từ chối", "Files rejected"), "number", 11),
    Head(Text("Đã cử đầu mối", "Focal agency"), width=16),
    Head(Text("Trang không có dòng nào", "Sheets without a row"), "long", 44),
)
FILES = (
    Head(Text("Tệp", "File"), "long", 44),
    Head(Text("Đơn vị", "Unit"), width=28),
    Head(Text("Tình trạng", "State"), width=24),
    Head(Text("Lý do", "Reason"), "long", 50),
    Head(Text("Nhận lúc (Hà Nội)", "Received (Hà Nội)"), "time", 18),
)
_YES = Text("có", "yes")
STATE_NAMES = {
    "held": Text("Chờ quyết định", "Held"),
    "rejected": Text("Bị từ chối", "Rejected"),
    "current": Text("Được tính", "Counts"),
    "correction": Text("Bản sửa đổi được tính", "Correction that counts"),
    "superseded": Text("Đã có bản thay thế", "Superseded"),
    "duplicate": Text("Trùng nội dung", "Same content"),
}
REASONS = {
    "newer_number": Text("có số lần gửi mới hơn", "there is a newer number"),
    "later_arrival": Text("có tệp đến sau cùng số", "one of the same number came later"),
    "same_content": Text("nội dung đã có trong tệp khác", "another file has the same content"),
    "same_number": Text("hai nội dung cùng một số lần gửi", "two contents bear the same number"),
    "parts_missing": Text("chưa đủ các phần", "parts are missing"),
    "parts_disagree": Text("các phần khai tổng số phần khác nhau", "the parts do not agree on how many there are"),
    "parts_repeat": Text("một dòng có ở hai phần", "a row stands in two parts"),
    "parts_dangle": Text("dòng được dẫn chiếu không có ở phần nào", "a row that is referred to is in no part"),
    "parts_total": Text("tổng khai ở bìa khác tổng các phần", "the stated total is not that of the parts"),
    "no_base": Text("sửa đổi cho bản chưa nhận", "it corrects what has not come"),
    "base_held": Text("bản được sửa đổi đang chờ quyết định", "what it corrects is held"),
}  # fmt: skip
_HIGHER = Text(
    "sửa rồi gửi lại mọi phần với số lần gửi cao hơn", "mend it and send all parts under a higher number"
)
REMEDIES = {
    "same_number": Text(
        "gửi lại bản đúng với số lần gửi cao hơn, hoặc hợp nhất lại từng tệp với lúc nhận: `merge TỆP --received LÚC`",
        "send the right one under a higher number, or merge each again with its arrival: `merge FILE --received WHEN`",
    ),
    "parts_missing": Text("gửi nốt các phần còn thiếu", "send the missing parts"),
    "parts_disagree": _HIGHER,
    "parts_repeat": _HIGHER,
    "parts_dangle": _HIGHER,
    "parts_total": _HIGHER,
    "no_base": Text("gửi báo cáo đầy đủ trước", "send the full return first"),
    "base_held": Text("xử lý bản đang chờ đó trước", "settle that one first"),
}  # fmt: skip
"""What has to be done so that a file can count, by the reason why it is held."""
_STILL_COUNTS = Text("bản được tính trước đó vẫn được tính", "what counted before still counts")
_OUTDONE_BY_HELD = Text("Tệp đến sau cùng số đang chờ quyết định", "A later one of its number is held")
_NAMED: Mapping[UnitState, Text] = {
    "missing": Text("  Chưa báo cáo", "  Not reported"),
    "rejected": Text("  Đã gửi, bị từ chối", "  Sent, and rejected"),
    "held": Text("  Đã gửi, chờ quyết định", "  Sent, and held for a decision"),
    "incomplete": Text("  Mới báo cáo một phần", "  Reported in part"),
}
"""The states whose units are named above the table, each group by itself."""
_NOT_EXPECTED = Text("đơn vị không phải báo cáo trong kỳ này", "the unit is not expected in this round")
_UNKNOWN = Text("không rõ đơn vị", "unit not known")


_AMONG = Text(
    "Cảnh báo đếm ở đây là của riêng từng tệp; điều chỉ thấy khi so các báo cáo với nhau (XLT616 và các mã sau) được "
    "kể khi hợp nhất và đếm khi tổng hợp.",
    "Warnings counted here are those of each file alone; what shows only among returns (XLT616 and following) is told "
    "when merging and counted when rolling up.",
)
FILES_TITLE = Text("Tệp cần người xem", "Files that wait for a person")


def state_name(state: str, reason: str | None) -> Text:
    """Return how a file stands, from `state` and `reason` of the view `submission_state`; why is told by `REASONS`."""
    return _OUTDONE_BY_HELD if reason == "later_held" else STATE_NAMES.get(state, Text(state, state))


def title(found: Completeness, schemas: Schemas) -> Text:
    """Return the title of the round's status."""
    round_ = found.status.round
    kind = schemas.code_lists["period_kinds"].by_code[round_.period_kind].label
    return Text(
        f"Tình trạng báo cáo {kind.vi.lower()} {round_.year}",
        f"Status of the {kind.en.lower()} reports {round_.year}",
    )


def sentences(found: Completeness, schemas: Schemas) -> list[Text]:
    """Return in a few lines who has reported, who has not (by name), who has named no focal agency, what is doubled."""
    status = found.status
    due = status.round.on_time_until.strftime("%d/%m/%Y")
    lines = [known_until(found.as_of)] if found.as_of else []
    lines += [
        Text(f"Hạn gửi đúng hạn: hết ngày {due} (giờ Hà Nội).", f"On time until the end of {due} (Hà Nội).")
    ]
    groups = (
        (Text("Tỉnh, thành phố", "Provinces"), status.provinces),
        (Text("Bộ, ngành", "Ministries"), status.others),
    )
    for name, units in groups:
        lines += _group(name, units)
    of_names = {unit.code for file in status.files if (unit := _named_by(file, schemas))}
    lines += _named(
        Text("Có tệp không đọc được (theo tên tệp)", "A file that could not be read (by its name)"),
        [unit for unit in status.units if not unit.reported and unit.unit_code in of_names],
    )
    lines += _named(
        Text("Chưa cử cơ quan đầu mối", "No focal agency named"),
        [unit for unit in status.without_focal_agency if unit.is_province],
    )
    names = schemas.units.by_code
    lines += [
        Text(
            f"Báo cáo trùng địa bàn: {names[pair.successor].name.vi} và {names[pair.predecessor].name.vi}",
            f"Territory reported twice: {names[pair.successor].name.en} and {names[pair.predecessor].name.en}",
        )
        for pair in status.double_cover
    ]
    return lines + ([_AMONG] if sum(unit.reported for unit in status.units) > 1 else [])


def _group(name: Text, units: Sequence[UnitStatus]) -> list[Text]:
    if not units:
        return []
    reported = [unit for unit in units if unit.reported]
    late, unknown = (sum(unit.state == state for unit in units) for state in ("late", "received"))
    undated = (
        Text(f", không rõ ngày nhận {unknown}", f", of unknown arrival {unknown}")
        if unknown
        else Text("", "")
    )
    head = Text(
        f"{name.vi}: đã báo cáo {len(reported)}/{len(units)}, trong đó muộn {late}{undated.vi}",
        f"{name.en}: reported {len(reported)}/{len(units)}, of which late {late}{undated.en}",
    )
    named = [
        line
        for state, said in _NAMED.items()
        for line in _named(said, [u for u in units if u.state == state])
    ]
    held_back = sum(unit.held_back for unit in units)
    rows = Text(
        f"  Dòng giữ lại vì có lỗi, chưa tính: {held_back}",
        f"  Rows held back for errors, not counted: {held_back}",
    )
    return [head, *named, *([rows] if held_back else [])]


def _named(title_: Text, units: Sequence[UnitStatus]) -> list[Text]:
    if not units:
        return []
    listed = Text("; ".join(unit.name.vi for unit in units), "; ".join(unit.name.en for unit in units))
    return [Text(f"{title_.vi}: {listed.vi}", f"{title_.en}: {listed.en}")]


def unit_rows(found: Completeness, schemas: Schemas, lang: Lang) -> list[list[Cell]]:
    """Return a row for every expected unit, under the headings `UNITS`."""
    return [_unit_row(unit, found, schemas, lang) for unit in found.status.units]


def _unit_row(unit: UnitStatus, found: Completeness, schemas: Schemas, lang: Lang) -> list[Cell]:
    senders = [schemas.units.by_code[code].name.to(lang) for code in unit.senders if code != unit.unit_code]
    tabs = {sheet.id: sheet.tab for form in schemas.forms.values() for sheet in form.sheets}
    empty = ", ".join(tabs[name] for name in found.empty_sheets.get(unit.unit_code, ()))
    return [
        unit.name.to(lang), STATES[unit.state].to(lang), _clock(unit.first_received_at), _replaced_at(unit),
        _YES.to(lang) if unit.nil_report else None,
        ", ".join(senders) or None, unit.errors, unit.warnings, unit.held_back, unit.held,
        unit.rejected,
        ", ".join(unit.focal_programmes) or None, empty or None,
    ]  # fmt: skip


def file_rows(found: Completeness, schemas: Schemas, lang: Lang) -> list[list[Cell]]:
    """Return a row for every file that waits for a person, under the headings `FILES`."""
    counting = {sender for unit in found.status.units if unit.reported for sender in unit.senders}
    return [_file_row(file, file.unit_code in counting, schemas, lang) for file in found.status.files]


def _file_row(file: ListedFile, counts: bool, schemas: Schemas, lang: Lang) -> list[Cell]:
    """Return the row of `file`; `counts` says whether a return of its unit does."""
    unit = schemas.units.by_code.get(file.unit_code or "")
    known = (REASONS.get(file.reason or ""), REMEDIES.get(file.reason or ""))
    reasons = [text.to(lang) for text in known if text]
    reasons += [_STILL_COUNTS.to(lang)] if counts and file.state == "held" else []
    reasons += [_errors(file, lang)] if file.codes else []
    if not file.known and not reasons:
        reasons.append(_UNKNOWN.to(lang))
    elif file.known and not file.expected:
        reasons.append(_NOT_EXPECTED.to(lang))
    state = STATE_NAMES[file.state].to(lang)
    by_name = _named_by(file, schemas)
    return [
        file.file_name,
        unit.name.to(lang) if unit else _by_name(by_name).to(lang) if by_name else file.unit_code,
        state,
        "; ".join(reasons) or None,
        _clock(file.received_at),
    ]


def _named_by(file: ListedFile, schemas: Schemas) -> Unit | None:
    """Return the unit whose code stands in the name of `file`, as it does in those that were sent out.

    None where the file itself tells its unit: names are given by people.
    """
    if file.unit_code is not None:
        return None
    codes = [
        code
        for code in schemas.units.by_code
        if re.search(rf"(?<![^\W_]){re.escape(code)}(?![^\W_])", file.file_name, re.IGNORECASE)
    ]
    return schemas.units.by_code[max(codes, key=len)] if codes else None


def _by_name(unit: Unit) -> Text:
    return Text(f"{unit.name.vi} (theo tên tệp)", f"{unit.name.en} (by the file's name)")


def _errors(file: ListedFile, lang: Lang) -> str:
    """Return the first error in words, and the codes of the others."""
    first, *others = file.codes
    said = f"{first}: {file.said.to(lang)}"
    return f"{said} (+ {', '.join(others)})" if others else said


def _replaced_at(unit: UnitStatus) -> Cell:
    """Return when what counts came, where it is not what came first."""
    return _clock(unit.received_at) if unit.received_at != unit.first_received_at else None


def _clock(received: datetime | None) -> Cell:
    """Return when it came, as a clock on a wall in Hà Nội shows it."""
    return in_hanoi(received).replace(tzinfo=None) if received else None
