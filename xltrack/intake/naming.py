"""Calls the parts of a workbook what people call them."""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from xltrack.intake.model import Refused
from xltrack.language import Text

_NAMES: Final = (
    ("/_rels/", Text("phần liên kết bên trong tệp", "the links within the file")),
    ("/worksheets/", Text("một trang", "a sheet")),
    ("/sharedstrings", Text("phần chữ của các ô", "the text of the cells")),
    ("/styles", Text("phần định dạng ô", "the formats of cells")),
    ("/workbook", Text("danh sách trang", "the list of sheets")),
    ("/tables/", Text("một bảng", "a table")),
    ("/comments", Text("phần ghi chú", "the comments")),
    ("/threadedcomments", Text("phần ghi chú", "the comments")),
    ("/media/", Text("một hình ảnh", "a picture")),
    ("/drawings/", Text("phần hình vẽ", "the drawings")),
    ("/charts/", Text("một biểu đồ", "a chart")),
    ("/pivot", Text("một bảng tổng hợp (pivot)", "a pivot table")),
    ("/externallinks/", Text("phần liên kết tới tệp khác", "the links to other files")),
    ("/docprops/", Text("phần thông tin chung của tệp", "the properties of the file")),
    ("/[content_types]", Text("danh mục thành phần của tệp", "the list of the file's parts")),
)
_OTHER: Final = Text("một thành phần phụ", "a minor part")


def folded(part: str) -> str:
    """Return the name `part` as it is compared: a part is the same in whatever case its letters from A to Z are."""
    return part.lower() if part.isascii() else part


def name_of(part: str) -> Text:
    """Return what people call the part named `part`, with its own name for those who want to look at it."""
    path = posixpath.join("/", part.casefold())
    said = next((name for mark, name in _NAMES if mark in path), _OTHER)
    return Text(f"{said.vi} ({part})", f"{said.en} ({part})")


def sheet(tab: str) -> Text:
    """Return the sheet called `tab`, as it is called in a sentence."""
    return Text(f"trang “{tab}”", f"sheet “{tab}”")


@contextmanager
def named(place: Text) -> Iterator[None]:
    """Put the name of the `place` in front of the reason for which something in it is refused."""
    try:
        yield
    except Refused as failure:
        raise failure.within(place) from failure
