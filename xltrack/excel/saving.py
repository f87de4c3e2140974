"""New workbooks on disk: written whole or not at all, the same bytes for the same content."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook

from xltrack.excel.formats import FONT
from xltrack.files import replace_file

CREATED = datetime(2021, 1, 1, tzinfo=UTC)
"""The date that every workbook bears: a clock in the file would make two equal workbooks differ."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": FONT, "font_size": 11, "font_scheme": None, "font_family": 1},
}


@contextmanager
def new_workbook(path: Path, put: Callable[[Path, bytes], None] = replace_file) -> Iterator[Workbook]:
    """Give an empty workbook to write to; at the end `put` puts it at `path`, or nothing stands there.

    Text is never taken for a formula, a number or a link. Raises OutputError when `path` cannot be written.
    """
    content = BytesIO()
    book = Workbook(content, _OPTIONS)
    yield book
    book.close()
    put(path, content.getvalue())
