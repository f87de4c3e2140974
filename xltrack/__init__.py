"""xltrack: the tracking tool for productivity and quality support (Programme 1322, Plan 36).

The functions here are those of the command line; see `help(xltrack.validate)` and so on.
"""

from typing import TYPE_CHECKING, Any

from xltrack import pipeline
from xltrack.version import VERSION

if TYPE_CHECKING:
    from xltrack.pipeline import *  # noqa: F403  # pipeline names what it offers

__version__ = VERSION

__all__ = ["__version__"]
__all__ += pipeline.__all__


def __getattr__(name: str) -> Any:
    """Give the functions of the pipeline without importing their libraries before they are used."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(pipeline, name)
