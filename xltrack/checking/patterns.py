"""Translates regular expressions of a schema for the engine of polars, or refuses.

jsonschema searches with Python's `re`, polars with Rust's `regex`. What both read alike is translated as it is;
texts on which they may still differ (a newline at the end, word characters beyond ASCII) are named by a second
pattern, and such texts are left to jsonschema.
"""

import re
from functools import cache

import polars as pl
from polars.exceptions import ComputeError

_CONTROL = r"[\x00-\x1f\x7f-\x9f]"
_BEYOND_ASCII = r"[^\x20-\x7e]"
# Where both engines agree on \d and \s: Latin, Vietnamese, combining marks, dashes and quotation marks.
_BEYOND_LATIN = r"[^\x20-\x7e\x{a0}-\x{24f}\x{300}-\x{36f}\x{1e00}-\x{1eff}\x{2010}-\x{2027}]"

_DIFFERING = re.compile(
    r"""
      \(\?(?!:)             # groups other than (?: … )
    | \\[^dDsSwWbB\W_]      # \1, \Z, \x41: only the usual classes and escaped punctuation are read alike
    | \\[<>]                # word boundaries for Rust
    | [*+?}]\+              # possessive for Python, repeated for Rust
    | \{,                   # {,3}
    | \[\^?\]               # a class that begins with ]
    | \\\]                 # an escaped bracket hides where a class ends
    | \[[^\]]*\[            # a class within a class, or [:alpha:]
    | &&|--|~~|\|\|         # set operations
    """,
    re.VERBOSE,
)
_WORDS = re.compile(r"\\[wWbB]")
_CLASSES = re.compile(r"\\[dDsS]")


class Untranslatable(Exception):
    """The two engines read the pattern differently, or one of them not at all."""


@cache
def translate(pattern: str) -> tuple[str, str]:
    """Return the pattern for polars, and one that finds the texts on which it must not be trusted.

    Raises Untranslatable.
    """
    if _DIFFERING.search(pattern):
        raise Untranslatable(pattern)
    try:
        re.compile(pattern)
        pl.select(pl.lit("").str.contains(pattern))
    except (re.error, ComputeError) as failure:
        raise Untranslatable(pattern) from failure
    if _WORDS.search(pattern):
        return pattern, _BEYOND_ASCII
    return pattern, _BEYOND_LATIN if _CLASSES.search(pattern) else _CONTROL
