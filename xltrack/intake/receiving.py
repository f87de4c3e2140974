"""Takes a file that arrived, without looking into it."""

import hashlib
import os
from pathlib import Path
from typing import Final

from xltrack.intake.model import Received

# Attachments above this are refused; the mail systems of offices rarely carry more.
FILE_BYTES: Final = 25 * 2**20


def receive(path: Path) -> Received:
    """Return what lies at `path`, read once; of a file that is too large nothing but its size. Raises OSError."""
    with path.open("rb") as file:
        content = file.read(FILE_BYTES + 1)
        size = os.fstat(file.fileno()).st_size
    if len(content) > FILE_BYTES:
        return Received(path, b"", max(size, len(content)), "")
    return Received(path, content, len(content), hashlib.sha256(content).hexdigest())
