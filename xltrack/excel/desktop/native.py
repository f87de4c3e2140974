"""What Excel for Windows and Excel for macOS call differently, and xlwings leaves to each (`.api`)."""

import atexit
import shutil
from pathlib import Path
from typing import Any, Protocol

_FORCE_DISABLE = 3  # MsoAutomationSecurity
_WORKSHEET = 1  # XlPivotTableSourceType.xlDatabase
_RANGE = 1  # XlListObjectSourceType.xlSrcRange
_NO_MISSING_ITEMS = 0  # XlPivotTableMissingItems.xlMissingItemsNone


class Native(Protocol):
    """One system's Excel; apps, books, tables, cells and pivots are those of xlwings."""

    def forbid_macros(self, app: Any) -> None:
        """Let no macro run in workbooks that `app` opens from now on."""

    def quit(self, app: Any) -> None:
        """End `app`, and no other Excel."""

    def is_read_only(self, book: Any) -> bool:
        """Return whether `book` cannot be saved where it lies."""

    def has_changes(self, book: Any) -> bool:
        """Return whether `book` holds what nobody has saved yet."""

    def copy(self, book: Any, path: Path) -> None:
        """Put a copy of `book` at `path`."""

    def is_external(self, table: Any) -> bool:
        """Return whether a query fills `table`."""

    def has_formula(self, cell: Any) -> bool:
        """Return whether `cell` holds a formula, not a text that looks like one."""

    def refresh_pivots(self, book: Any, *, scrub: bool) -> None:
        """Have each pivot cache over cells of `book` read them, and wait until all have."""

    def source(self, pivot: Any) -> str:
        """Return the name or the range that `pivot` reads, "" for what lies outside the workbook."""


def native_of(platform: str) -> Native:
    """Return the Excel of `platform` ("win32" or "darwin")."""
    return Windows() if platform == "win32" else MacOS()


class Windows:
    """Excel for Windows by its object model (COM)."""

    def __init__(self) -> None:
        """Keep xlwings from ending, when this program ends, every Excel that shows no workbook."""
        from xlwings import _xlwindows  # noqa: PLC0415  # it exists on Windows only

        atexit.unregister(_xlwindows.cleanup)

    def forbid_macros(self, app: Any) -> None:
        """Let no macro run in workbooks that `app` opens from now on."""
        app.api.AutomationSecurity = _FORCE_DISABLE

    def quit(self, app: Any) -> None:
        """End `app` itself: `App.quit` of xlwings ends other Excels too."""
        app.api.DisplayAlerts = False
        app.api.Quit()

    def is_read_only(self, book: Any) -> bool:
        """Return whether `book` cannot be saved where it lies."""
        return bool(book.api.ReadOnly)

    def has_changes(self, book: Any) -> bool:
        """Return whether `book` holds what nobody has saved yet."""
        return not book.api.Saved

    def copy(self, book: Any, path: Path) -> None:
        """Put a copy of `book` as it is now at `path`."""
        book.api.SaveCopyAs(str(path))

    def is_external(self, table: Any) -> bool:
        """Return whether a query fills `table`."""
        return bool(table.api.SourceType != _RANGE)

    def has_formula(self, cell: Any) -> bool:
        """Return whether `cell` holds a formula."""
        return bool(cell.api.HasFormula)

    def refresh_pivots(self, book: Any, *, scrub: bool) -> None:
        """Refresh each cache over cells once; caches of connections are not asked, which may want a password."""
        caches = book.api.PivotCaches()
        for number in range(1, caches.Count + 1):
            cache = caches.Item(number)
            if cache.SourceType == _WORKSHEET:
                if scrub:
                    cache.MissingItemsLimit = _NO_MISSING_ITEMS
                cache.Refresh()
        book.app.api.CalculateUntilAsyncQueriesDone()

    def source(self, pivot: Any) -> str:
        """Return the name or the range that `pivot` reads."""
        cache = pivot.api.PivotCache()
        return str(cache.SourceData) if cache.SourceType == _WORKSHEET else ""


class MacOS:
    """Excel for macOS by its dictionary of Apple events; it refreshes pivots, not caches, and waits by itself."""

    def forbid_macros(self, app: Any) -> None:
        """Let no macro run in workbooks that `app` opens from now on."""
        from appscript import k  # noqa: PLC0415  # it exists on macOS only

        app.api.automation_security.set(k.msoAutomationSecurityForceDisable)

    def quit(self, app: Any) -> None:
        """End `app`."""
        app.quit()

    def is_read_only(self, book: Any) -> bool:
        """Return whether `book` cannot be saved where it lies."""
        return bool(book.api.read_only.get())

    def has_changes(self, book: Any) -> bool:
        """Return whether `book` holds what nobody has saved yet."""
        return not book.api.saved.get()

    def copy(self, book: Any, path: Path) -> None:
        """Put a copy of `book` as it was last saved at `path`: Excel for macOS has no words for more."""
        shutil.copyfile(book.fullname, path)

    def is_external(self, table: Any) -> bool:
        """Return whether a query fills `table`."""
        from appscript import k  # noqa: PLC0415  # it exists on macOS only

        return bool(table.api.source_type.get() != k.src_range)

    def has_formula(self, cell: Any) -> bool:
        """Return whether `cell` holds a formula."""
        return bool(cell.api.has_formula.get())

    def refresh_pivots(self, book: Any, *, scrub: bool) -> None:
        """Refresh each pivot over cells; texts that are gone go with the next save in Excel, if at all."""
        del scrub
        for sheet in book.sheets:
            for pivot in sheet.pivot_tables:
                if self.source(pivot):
                    pivot.refresh()

    def source(self, pivot: Any) -> str:
        """Return the name or the range that `pivot` reads."""
        found = pivot.api.source_data.get()
        return found if isinstance(found, str) else ""
