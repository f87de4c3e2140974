"""Texts as the XML of a workbook can hold them."""

import re
from typing import Final

CELL_LIMIT: Final = 32_767
"""Excel's limit of a text, in UTF-16 units."""

_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")
_NO_CHARACTER: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str, limit: int = CELL_LIMIT) -> str:
    """Return `text`, at most `limit` UTF-16 units of it, with what XML cannot hold escaped as `_x0001_`.

    The escapes are those of ISO/IEC 29500-1, 22.9.2.19 (ST_Xstring); text that merely looks like one is kept
    from being taken for it.
    """
    clean = _LOOKS_ESCAPED.sub("_x005F_", _NO_CHARACTER.sub("\ufffd", text))
    escaped = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", clean)
    units = escaped.encode("utf-16-le")
    if len(units) <= 2 * limit:
        return escaped
    return units[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + "…"
