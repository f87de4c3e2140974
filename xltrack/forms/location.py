"""Where the shipped schemas and templates are: beside the package in a checkout, inside it when installed."""

import hashlib
import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """Return the directory `name` ("schemas", "templates_xlsx") that came with this xltrack."""
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def schemas_directory(chosen: Path | None = None) -> Path:
    """Return the schemas to use: `chosen`, else the environment's XLTRACK_SCHEMAS, else those shipped."""
    named = chosen or os.environ.get("XLTRACK_SCHEMAS")
    return Path(named) if named else shipped("schemas")


def digest_of(directory: Path) -> str:
    """Return the SHA-256 over all files of the schemas in `directory`, as they are now, in hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(p for p in directory.rglob("*") if p.suffix in (".json", ".csv")):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
