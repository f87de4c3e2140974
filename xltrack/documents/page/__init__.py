"""The national figures as one page for a browser: complete in itself, printable, in Vietnamese and English."""

from xltrack.documents.page.page import write_page

__all__ = ["write_page"]
