"""What a workbook was filled in with beforehand, as one line for the operator."""

from xltrack.forms import Unit
from xltrack.language import Lang, Text
from xltrack.store import Carried, LastReturn

_PERIODS = {"half": Text("6 tháng", "half-year"), "annual": Text("năm", "annual")}


def carried_line(unit: Unit, found: Carried, lang: Lang) -> str:
    """Return how many rows stand in the workbook of `unit`, where they come from, and what is for it to settle."""
    name = unit.name.to(lang)
    if not found.returns:
        nothing = Text("chưa có báo cáo trước nào để ghi sẵn", "no earlier return to begin with")
        return f"{unit.code} {name}: {nothing.to(lang)}"
    rows = sum(len(rows) for sheet, rows in found.rows.items() if sheet != "cover")
    sources = ", ".join(_named(one, lang) for one in found.returns)
    said = [Text(f"ghi sẵn {rows} dòng từ {sources}", f"begins with {rows} rows of {sources}").to(lang)]
    if found.silent:
        names = ", ".join(one.name.to(lang) for one in found.silent)
        said.append(Text(f"chưa có báo cáo của {names}", f"nothing of {names}").to(lang))
    if found.renamed:
        said.append(
            Text(
                f"{found.renamed} mã trùng nhau được thêm mã tỉnh cũ ở trước",
                f"{found.renamed} ids that collided got the former province's code before them",
            ).to(lang)
        )
    if found.left_out:
        said.append(
            Text(
                f"{found.left_out} dòng cùng khóa nhưng khác nội dung không ghi sẵn, đơn vị mới tự khai",
                f"{found.left_out} rows that differ under one key are left to the new unit",
            ).to(lang)
        )
    return f"{unit.code} {name}: {'; '.join(said)}"


def _named(last: LastReturn, lang: Lang) -> str:
    period = _PERIODS[last.period_kind].to(lang)
    return f"{last.unit.name.to(lang)} ({period} {last.year})"
