"""How xltrack knows the files that it wrote for its operator, when they lie among what was received."""

import hashlib
import io
import zipfile
from collections.abc import Mapping

from xltrack.language import Text

WORKBOOK = "xltrack_output"
"""The property of a workbook that says which of OUTPUTS it is."""
UNIT = "xltrack_output_unit"
"""The property of a workbook of national figures that says of which unit alone they are."""
FIGURES = "xltrack_output_figures"
"""The property of a national workbook that tells its figures from others."""
PERIOD = "xltrack_output_period"
"""The property of a workbook of national figures, or of a unit's, that says of which kind of rounds they are."""
SEAL = "xltrack_output_seal"
"""The property of a national workbook that holds what `seal_of` returned when xltrack wrote it."""
PROPERTIES = "docProps/custom.xml"
"""The part of a workbook with its custom properties."""
LETTER = Text("Kết quả kiểm tra tệp «", "What was found in the file “")
"""A letter begins with this."""
_BEGINNINGS: Mapping[str, str] = {
    LETTER.vi: "letter",
    LETTER.en: "letter",
    "path,verdict,form,": "findings",
    '{\n "schema_version":': "findings",
    '{\n "$schema": "https://docs.oasis-open.org/sarif/': "findings",
    "from_sheet,from_cell,value,": "cells",
}
WORD_TIME = (2021, 1, 1, 0, 0, 0)
"""Of which moment all parts of a Word file of xltrack's are; programs that save it date them otherwise."""
OUTPUTS: Mapping[str, Text] = {
    "letter": Text("thư trả lời người gửi", "a letter to a sender"),
    "findings": Text(
        "danh sách phát hiện của `xltrack validate`", "a list of findings of `xltrack validate`"
    ),
    "cells": Text("danh sách ô của `xltrack migrate`", "a list of cells of `xltrack migrate`"),
    "status": Text(
        "bảng tình trạng báo cáo của `xltrack status`", "the status of a round of `xltrack status`"
    ),
    "national": Text("sổ tổng hợp toàn quốc của `xltrack rollup`", "a national workbook of `xltrack rollup`"),
}
"""What xltrack writes that is no return."""


def text_output(text: str) -> Text | None:
    """Return which of OUTPUTS the `text` is, by how it begins, its lines ending as on Unix; None if it is none."""
    return next((OUTPUTS[kind] for start, kind in _BEGINNINGS.items() if text.startswith(start)), None)


def workbook_output(properties: Mapping[str, str]) -> Text | None:
    """Return which of OUTPUTS a workbook with these custom `properties` is, None if it is none."""
    return OUTPUTS.get(properties.get(WORKBOOK, ""))


def seal_of(checksums: Mapping[str, int]) -> str:
    """Return what tells a workbook with parts of these `checksums` (CRC-32, by name) from every changed one."""
    parts = sorted(f"{name} {checksum:08x}" for name, checksum in checksums.items() if name != PROPERTIES)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_unsaved_output(content: bytes) -> bool:
    """Return whether `content` is a national workbook or a Word file of ours as xltrack wrote it.

    A workbook that any program has changed since does not fit its seal any more.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if all(part.date_time == WORD_TIME for part in package.infolist()):
                return True
            seal = seal_of({part.filename: part.CRC for part in package.infolist()})
            return seal.encode() in package.read(PROPERTIES)
    except (zipfile.BadZipFile, KeyError):
        return False
