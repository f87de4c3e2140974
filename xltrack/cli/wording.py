"""The language in which the command line speaks: --lang, else XLTRACK_LANG, else Vietnamese."""

import os
import sys
from collections.abc import Sequence
from itertools import pairwise

from xltrack.language import Lang


def chosen_language(arguments: Sequence[str]) -> Lang:
    """Return the language asked for by `arguments` or the environment.

    It must be known before click reads the command line, because the help texts are in that language too.
    """
    named = [value for option, value in pairwise(arguments) if option == "--lang"]
    named += [a.partition("=")[2] for a in arguments if a.startswith("--lang=")]
    return "en" if (named or [os.environ.get("XLTRACK_LANG", "vi")])[-1] == "en" else "vi"


LANG: Lang = chosen_language(sys.argv[1:])


def say(vi: str, en: str) -> str:
    """Return the text in the language of this run."""
    return vi if LANG == "vi" else en
