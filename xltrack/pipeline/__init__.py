"""The library's front door: the same functions as the command line, for scripts and notebooks."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xltrack.pipeline.merging import merge
    from xltrack.pipeline.migrating import migrate
    from xltrack.pipeline.model import FileResult, Merge, Migration, Returns, Validation
    from xltrack.pipeline.rolling import roll_up
    from xltrack.pipeline.standing import status
    from xltrack.pipeline.templates import write_templates
    from xltrack.pipeline.validation import validate

__all__ = [
    "FileResult",
    "Merge",
    "Migration",
    "Returns",
    "Validation",
    "merge",
    "migrate",
    "roll_up",
    "status",
    "validate",
    "write_templates",
]

_HOMES = {
    "FileResult": "model",
    "Merge": "model",
    "Migration": "model",
    "Returns": "model",
    "Validation": "model",
    "merge": "merging",
    "migrate": "migrating",
    "roll_up": "rolling",
    "status": "standing",
    "validate": "validation",
    "write_templates": "templates",
}


def __getattr__(name: str) -> Any:
    """Import the module of `name` at its first use, so that `xltrack --help` need not wait for polars."""
    if name in _HOMES:
        return getattr(import_module(f"xltrack.pipeline.{_HOMES[name]}"), name)
    raise AttributeError(name)
