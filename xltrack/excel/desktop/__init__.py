"""Current rows for workbooks that live in a running Excel on somebody's desk (Windows and macOS)."""

from xltrack.excel.desktop.book import Book, Desktop
from xltrack.excel.desktop.refresh import refresh_closed, refresh_open, refresh_unsaved
from xltrack.excel.desktop.running import desktop_excel, open_book

__all__ = [
    "Book",
    "Desktop",
    "desktop_excel",
    "open_book",
    "refresh_closed",
    "refresh_open",
    "refresh_unsaved",
]
