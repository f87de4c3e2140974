"""Puts the store's current rows under the tables of workbooks that people made for themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from xltrack.errors import OutputError, UnknownName
from xltrack.excel.national import FIXED_TABS
from xltrack.excel.national_rows import current_rows
from xltrack.excel.refresh import Fresh, Given, Refused, with_current_rows
from xltrack.files import reason_not_read, replace_file
from xltrack.forms import PeriodKind, load_schemas
from xltrack.language import Text
from xltrack.pipeline.rolling import roll_up
from xltrack.pipeline.watching import Watch, silent
from xltrack.rollup import Rollup

BACKUP = ".bak"
_OPEN = Text(
    "tệp đang mở trong chương trình khác ({}); hãy đóng lại rồi chạy lại",
    "another program has the file open ({}); close it and run this again",
)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """One workbook: what changed in it and where its former content is, or why it was left as it was."""

    path: Path
    fresh: Fresh | None
    backup: Path | None
    refusal: Text | None


def refresh(
    workbooks: Sequence[Path | str],
    store: Path | str,
    *,
    period: PeriodKind = "annual",
    schemas: Path | None = None,
    as_of: date | None = None,
    scrub: bool = True,
    watch: Watch = silent,
) -> list[Refreshed]:
    """Put the current rows of the store under the tables of `workbooks`, and return what came of each.

    A table is known by its name (`dl_ap_dung` …). Pivots over it show the new rows when Excel opens the workbook. Every
    part that need not change keeps its bytes; the former file stays beside the new one as `<name>.bak`. What cannot be
    done safely is refused and said. `scrub`: old rows do not stay behind in pivot caches and shared texts. Raises what
    `roll_up` raises, and OutputError.
    """
    given = current_rows(roll_up(store, period=period, schemas=schemas, as_of=as_of), load_schemas(schemas))
    return list(_each([Path(path) for path in workbooks], given, watch, scrub=scrub))


def fill_template(
    template: Path | str,
    output: Path | str,
    store: Path | str,
    *,
    period: PeriodKind = "annual",
    schemas: Path | None = None,
    as_of: date | None = None,
) -> Rollup:
    """Write the workbook `template` with the store's current rows under its tables to `output`; return the roll-up.

    Only tables and pivots are brought up to date: a template with the sheets of fixed figures of a national workbook is
    refused. Raises what `roll_up` raises, UnknownName for an output of another kind than the template, and OutputError
    with the reason where the template cannot be filled.
    """
    source, target = Path(template), Path(output)
    if source.suffix.lower() != target.suffix.lower():
        hint = Text(f"Mẫu là tệp {source.suffix}.", f"The template is a {source.suffix} file.")
        raise UnknownName(kind=Text("dạng kết quả", "form of result"), name=target.suffix, hint=hint)
    rollup = roll_up(store, period=period, schemas=schemas, as_of=as_of)
    try:
        fresh = with_current_rows(source.read_bytes(), current_rows(rollup, load_schemas(schemas)))
    except OSError as failure:
        raise OutputError(path=target, reason=reason_not_read(failure)) from failure
    except Refused as refusal:
        raise OutputError(path=target, reason=refusal.reason) from refusal
    fixed = _fixed(fresh)
    if fixed:
        raise OutputError(path=target, reason=fixed)
    replace_file(target, fresh.content)
    return rollup


def _each(paths: Sequence[Path], given: Given, watch: Watch, *, scrub: bool) -> Iterator[Refreshed]:
    for done, path in enumerate(paths, 1):
        try:
            yield _one(path, given, scrub=scrub)
        except Refused as refusal:
            yield Refreshed(path, None, None, refusal.reason)
        watch("refresh", done, len(paths), path.name)


def _one(path: Path, given: Given, *, scrub: bool) -> Refreshed:
    _check_closed(path)
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise Refused(reason_not_read(failure)) from failure
    fresh = with_current_rows(content, given, scrub=scrub)
    fixed = _fixed(fresh)
    if fixed:
        fresh = replace(fresh, warnings=(*fresh.warnings, fixed))
    backup = path.with_name(path.name + BACKUP)
    replace_file(backup, content)
    replace_file(path, fresh.content)
    return Refreshed(path, fresh, backup, None)


def _fixed(fresh: Fresh) -> Text | None:
    """Return which sheets of ours hold figures that stay as they were, None if there are none."""
    known = {name for title in FIXED_TABS for name in title}
    found = ", ".join(tab for tab in fresh.tabs if tab in known)
    if not found:
        return None
    return Text(
        f"các trang số liệu cố định ({found} …) giữ số cũ; muốn có số mới hãy chạy "
        "`xltrack rollup -o`, hoặc xóa các trang đó",
        f"the sheets of fixed figures ({found} …) keep the former ones; run `xltrack rollup -o` for "
        "new ones, or delete them",
    )


def _check_closed(path: Path) -> None:
    """Raise Refused while the file lies open: Excel and LibreOffice put a file of theirs beside it."""
    marks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    mark = next((mark for mark in marks if mark.exists()), None)
    if mark:
        raise Refused(Text(_OPEN.vi.format(mark.name), _OPEN.en.format(mark.name)))
