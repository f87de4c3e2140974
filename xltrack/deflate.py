"""What deflates: ISA-L where there is a wheel of it, four times as quick as zlib, which does the same elsewhere.

What others sent is not inflated by it: there zlib is not much slower, and no library is better known to hold.
"""

from typing import Final

try:
    from isal import isal_zlib as deflating
except ImportError:
    # There is no wheel for Windows on ARM.
    import zlib as deflating  # type: ignore[no-redef]

__all__ = ["FAST", "deflating"]

FAST: Final = 1
"""The level that both know, and at which what is much alike, as rows are, is as small as at the next ones."""
