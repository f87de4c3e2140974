"""Puts the store's current rows under the tables of workbooks that people made for themselves."""

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from xltrack.errors import ExcelMissing, OutputError, UnknownName, WorkbookRefused
from xltrack.excel.age import Age, age_of
from xltrack.excel.desktop import (
    Book,
    Desktop,
    desktop_excel,
    open_book,
    refresh_closed,
    refresh_open,
    refresh_unsaved,
)
from xltrack.excel.national import DATED_TABS, FIXED_TABS
from xltrack.excel.national_rows import current_rows
from xltrack.excel.properties_xml import period_kind_of, with_period_kind
from xltrack.excel.refresh import Fresh, Given, Refused, check_openable, check_rounds, with_current_rows
from xltrack.files import BACKUP, free_backup, keep_former, reason_not_read, replace_file
from xltrack.findings.outputs import is_unsaved_output
from xltrack.forms import PeriodKind, load_schemas
from xltrack.language import Text
from xltrack.pipeline.rolling import roll_up
from xltrack.pipeline.watching import Watch, silent
from xltrack.rollup import Rollup
from xltrack.stages import stage

Program = Literal["auto", "excel", "file"]
"""What changes a workbook: a running Excel, xltrack by itself, or Excel where it has the workbook open."""
_OPEN = Text(
    "tệp đang mở trong chương trình khác ({}); hãy đóng lại rồi chạy lại",
    "another program has the file open ({}); close it and run this again",
)
_READ_ONLY = Text(
    "tệp chỉ cho đọc; hãy bỏ thuộc tính đó rồi chạy lại",
    "the file is read-only; change that and run this again",
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How workbooks are refreshed.

    `program`: "excel" has a running Excel do it (Windows and macOS, needs xlwings), which shows the new pivots at once;
    "file" edits the files; "auto" is "excel" for workbooks that Excel has open. `scrub`: old rows do not stay behind in
    pivot caches and shared texts.
    """

    program: Program = "auto"
    scrub: bool = True


@dataclass(frozen=True, slots=True)
class Refreshed:
    """One workbook: what changed in it and where its former content is, or why it was left as it was.

    A workbook that held the current rows already was not written anew and has no `backup`.
    """

    path: Path
    fresh: Fresh | None
    backup: Path | None
    refusal: Text | None


@dataclass(frozen=True, slots=True)
class Filled:
    """A template that became the national workbook: the roll-up, and what changed and cannot be promised in it."""

    rollup: Rollup
    fresh: Fresh


def refresh(
    workbooks: Sequence[Path | str],
    store: Path | str,
    *,
    period: PeriodKind | None = None,
    schemas: Path | None = None,
    as_of: date | None = None,
    manner: Manner = Manner(),
    watch: Watch = silent,
) -> list[Refreshed]:
    """Put the current rows of the store under the tables of `workbooks`, and return what came of each.

    A table is known by its name (`dl_ap_dung` …). Pivots over it show the new rows when Excel opens the workbook. Every
    part that need not change keeps its bytes; the former file stays beside the new one as `<name>.bak`. What cannot be
    done safely is refused and said. A workbook gets the rows of those rounds of which it says that it is, and is
    refused where `period` names others; one that does not say gets those of `period`, annual by default. Raises what
    `roll_up` raises, OutputError, and ExcelMissing.
    """
    desktop = _desktop(manner.program)
    # A file that is named twice has one former content.
    paths = list({_followed(Path(path)): None for path in workbooks})
    kinds = {path: period or _kind_said(path) or "annual" for path in paths}
    rollups = {
        kind: roll_up(store, period=kind, schemas=schemas, as_of=as_of) for kind in set(kinds.values())
    }
    declared = load_schemas(schemas)
    hows = {
        kind: _How(kind, current_rows(rollup, declared), age_of(rollup, DATED_TABS), desktop, manner)
        for kind, rollup in rollups.items()
    }
    return list(_each({path: hows[kind] for path, kind in kinds.items()}, watch))


def refresh_open_book(
    store: Path | str,
    book: Any = None,
    *,
    period: PeriodKind = "annual",
    schemas: Path | None = None,
    as_of: date | None = None,
) -> Fresh:
    """Put the current rows of the store under the tables of a workbook that is open in Excel; return what changed.

    `book` is an `xlwings.Book`; without it, the workbook whose macro called (`RunPython`). It is left unsaved, so that
    whoever called sees the new figures first. A workbook that says that it is of other rounds than `period` is refused.
    Raises what `roll_up` raises, ExcelMissing, and WorkbookRefused.
    """
    standing = open_book(book)
    given = current_rows(roll_up(store, period=period, schemas=schemas, as_of=as_of), load_schemas(schemas))
    try:
        return refresh_unsaved(standing, given, period)
    except Refused as refusal:
        raise WorkbookRefused(path=standing.name, reason=refusal.reason) from refusal


def fill_template(
    template: Path | str,
    output: Path | str,
    store: Path | str,
    *,
    period: PeriodKind = "annual",
    schemas: Path | None = None,
    as_of: date | None = None,
) -> Filled:
    """Write the workbook `template` with the store's current rows under its tables to `output`; return what was done.

    Only tables and pivots are brought up to date, and the output says of which rounds it is; a template with the sheets
    of fixed figures of a national workbook is refused. Raises what `roll_up` raises, UnknownName for an output of
    another kind than the template, and WorkbookRefused where the template cannot be filled.
    """
    source, target = Path(template), Path(output)
    if source.suffix.lower() != target.suffix.lower():
        hint = Text(f"Mẫu là tệp {source.suffix}.", f"The template is a {source.suffix} file.")
        raise UnknownName(kind=Text("dạng kết quả", "form of result"), name=target.suffix, hint=hint)
    rollup = roll_up(store, period=period, schemas=schemas, as_of=as_of)
    try:
        with stage("refresh"):
            filled = with_current_rows(source.read_bytes(), current_rows(rollup, load_schemas(schemas)))
    except OSError as failure:
        raise WorkbookRefused(path=source, reason=reason_not_read(failure)) from failure
    except Refused as refusal:
        raise WorkbookRefused(path=source, reason=refusal.reason) from refusal
    fixed = _fixed(filled.fresh)
    if fixed:
        raise WorkbookRefused(path=source, reason=fixed)
    replace_file(target, with_period_kind(filled.content, period))
    return Filled(rollup, filled.fresh)


@dataclass(frozen=True, slots=True)
class _How:
    """What goes under the tables, of which rounds and how old it is, and who puts it there."""

    kind: PeriodKind
    given: Given
    age: Age
    desktop: Desktop | None
    manner: Manner


def _desktop(program: Program) -> Desktop | None:
    if program == "file":
        return None
    try:
        return desktop_excel()
    except ExcelMissing:
        if program == "excel":
            raise
        return None


def _each(hows: Mapping[Path, _How], watch: Watch) -> Iterator[Refreshed]:
    for done, (path, how) in enumerate(hows.items(), 1):
        try:
            with stage("refresh"):
                refreshed = _one(path, how)
            yield refreshed
        except Refused as refusal:
            yield Refreshed(path, None, None, refusal.reason)
        except OutputError as failure:
            yield Refreshed(path, None, None, _not_written(failure))
        watch("refresh", done, len(hows), path.name)


def _followed(path: Path) -> Path:
    """Return the file that a link leads to: it changes, not the link."""
    return path.resolve() if path.is_symlink() else path


def _one(path: Path, how: _How) -> Refreshed:
    check_rounds(_kind_said(path), how.kind)
    backup = path.with_name(path.name + BACKUP)
    standing = _standing(path, how)
    if standing is None:
        return _closed(path, backup, how)
    fresh = refresh_open(standing, backup, how.given, scrub=how.manner.scrub)
    return Refreshed(path, _with_fixed(fresh), backup, None)


def _standing(path: Path, how: _How) -> Book | None:
    """Return the workbook if Excel has it open; an Excel that does not answer counts only where it is asked for."""
    try:
        return how.desktop.find(path) if how.desktop else None
    except Refused:
        if how.manner.program == "excel":
            raise
        return None  # if it is open after all, the file that Excel puts beside it says so


def _closed(path: Path, backup: Path, how: _How) -> Refreshed:
    """Bring a workbook up to date that no Excel here has open."""
    _check_closed(path)
    try:
        _check_writable(path)
        content = path.read_bytes()
        backup = free_backup(path) if _is_better_kept(backup, content) else backup
    except OSError as failure:
        raise Refused(reason_not_read(failure)) from failure
    if how.desktop and how.manner.program == "excel":
        check_openable(content)
        keep_former(path, content, backup)
        fresh = refresh_closed(how.desktop.opened(path), how.given, scrub=how.manner.scrub)
        return Refreshed(path, _with_fixed(fresh), backup, None)
    filled = with_current_rows(content, how.given, scrub=how.manner.scrub, age=how.age)
    if filled.content == content:
        return Refreshed(path, _with_fixed(filled.fresh), None, None)
    keep_former(path, content, backup)
    replace_file(path, filled.content)
    return Refreshed(path, _with_fixed(filled.fresh), backup, None)


def _is_better_kept(backup: Path, content: bytes) -> bool:
    """Return whether somebody worked on what lies at `backup`, and on the `content` to go there nobody."""
    return backup.is_file() and is_unsaved_output(content) and not is_unsaved_output(backup.read_bytes())


def _with_fixed(fresh: Fresh) -> Fresh:
    fixed = _fixed(fresh)
    return replace(fresh, warnings=(*fresh.warnings, fixed)) if fixed else fresh


def _fixed(fresh: Fresh) -> Text | None:
    """Return which sheets of ours hold figures that stay as they were, None if there are none."""
    known = {name for title in FIXED_TABS for name in title}
    found = ", ".join(tab for tab in fresh.tabs if tab in known)
    if not found:
        return None
    return Text(
        f"các trang số liệu cố định ({found} …) giữ số khi lập sổ; muốn có số hiện hành hãy chạy "
        "`xltrack rollup -o` ra một tệp khác, hoặc xóa các trang đó",
        f"the sheets of fixed figures ({found} …) keep those of when the workbook was made; run `xltrack rollup -o` "
        "into another file for current ones, or delete them",
    )


def _not_written(failure: OutputError) -> Text:
    name, reason = Path(str(failure.facts["path"])).name, failure.facts["reason"]
    told = reason if isinstance(reason, Text) else Text(str(reason), str(reason))
    return Text(f"không ghi được {name} ({told.vi})", f"{name} cannot be written ({told.en})")


def _kind_said(path: Path) -> PeriodKind | None:
    """Return of which kind of rounds the workbook says that it is; None where it does not, or cannot be read."""
    try:
        return period_kind_of(path.read_bytes())
    except OSError:
        return None


def _check_closed(path: Path) -> None:
    """Raise Refused while the file lies open: Excel and LibreOffice put a file of theirs beside it."""
    marks = (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#"))
    mark = next((mark for mark in marks if mark.exists()), None)
    if mark:
        raise Refused(Text(_OPEN.vi.format(mark.name), _OPEN.en.format(mark.name)))


def _check_writable(path: Path) -> None:
    """Raise Refused for a file that its owner has made read-only: replacing it would go round that."""
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise Refused(_READ_ONLY)
