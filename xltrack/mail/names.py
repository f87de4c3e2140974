"""Names of attached files, which may say anything, as names that every system can give to a file."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_LETTERS: Final = 80
# Linux counts bytes, and takes 255.
_BYTES: Final = 180
# Windows takes neither these characters nor these names, whatever follows them after a dot.
_UNFIT: Final = re.compile(r'[<>:"|?*]')
_RESERVED: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)")
# Not seen, or turning the order of what is seen around ("slx.exe" as "exe.xls").
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown_name(sent: str) -> str:
    """Return the name as it was `sent` in the composed form (NFC), without what cannot be seen."""
    return "".join(
        sign for sign in unicodedata.normalize("NFC", sent) if unicodedata.category(sign) not in _UNSEEN
    )


def safe_name(sent: str, ending: str = ".xlsx") -> str:
    """Return a name for a file on any system that still reads as `sent`; never a path, never empty."""
    last = re.split(r"[/\\]", shown_name(sent))[-1]
    plain = _UNFIT.sub("_", last).strip(" .") or f"tep{ending}"
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    path = PurePosixPath(plain)
    suffix = path.suffix[:12]
    stem = path.name.removesuffix(path.suffix)[: _LETTERS - len(suffix)]
    return stem.encode()[: _BYTES - len(suffix.encode())].decode(errors="ignore").rstrip(" .") + suffix
