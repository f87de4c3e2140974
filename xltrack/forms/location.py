"""Where the shipped schemas and templates are: beside the package in a checkout, inside it when installed."""

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
