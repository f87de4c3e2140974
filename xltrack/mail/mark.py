"""The file by which a folder is known to be an inbox."""

from pathlib import Path
from typing import Final

MARK: Final = "xltrack-inbox.json"


def is_inbox(path: Path) -> bool:
    """Return whether the folder `path` is an inbox."""
    return (path / MARK).is_file()
