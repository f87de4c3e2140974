"""xltrack: the tracking tool for productivity and quality support (Programme 1322, Plan 36).

The functions here are those of the command line; see `help(xltrack.validate)` and so on.
"""

from typing import TYPE_CHECKING, Any

from xltrack.version import VERSION

if TYPE_CHECKING:
    from xltrack.pipeline import (
        FileResult,
        Merge,
        Migration,
        Outfit,
        Prefill,
        Refreshed,
        Returns,
        Validation,
        decide_enterprises,
        fill_template,
        merge,
        migrate,
        redact_contacts,
        refresh,
        rehearse,
        review_enterprises,
        roll_up,
        status,
        validate,
        write_templates,
    )

__version__ = VERSION

__all__ = [
    "FileResult",
    "Merge",
    "Migration",
    "Outfit",
    "Prefill",
    "Refreshed",
    "Returns",
    "Validation",
    "__version__",
    "decide_enterprises",
    "fill_template",
    "merge",
    "migrate",
    "redact_contacts",
    "refresh",
    "rehearse",
    "review_enterprises",
    "roll_up",
    "status",
    "validate",
    "write_templates",
]


def __getattr__(name: str) -> Any:
    """Give the functions of the pipeline without importing their libraries before they are used."""
    if name not in __all__:
        raise AttributeError(name)
    from xltrack import pipeline

    return getattr(pipeline, name)
