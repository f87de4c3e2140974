"""Puts the page together: facts, words, style and scripts in one file that asks nothing of any network."""

import base64
import gzip
import hashlib
import html
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from string import Template

from xltrack.documents.page.facts import facts, lineage
from xltrack.excel.national_source import Source
from xltrack.files import replace_file
from xltrack.forms import Schemas
from xltrack.language import Lang
from xltrack.rollup import Rollup
from xltrack.version import VERSION

_LIBRARY_STYLE = "sha256-zrfVyvY1E/5V+DXZunsRZW8XTqTsuIZzp8dBDThhSn8="
"""The few rules that Observable Plot puts beside a chart, of which the policy knows the hash."""


def write_page(rollup: Rollup, schemas: Schemas, path: Path, lang: Lang = "vi") -> None:
    """Write the page of `rollup`, which was made with its lineage, to `path`; raises OutputError.

    It opens in `lang` and can be switched; the same roll-up gives the same bytes. What senders wrote is data in it,
    never markup, and the page's policy lets a browser run its own scripts alone and load nothing.
    """
    replace_file(path, page(Source(schemas, lang, rollup)).encode())


def page(source: Source) -> str:
    """Return the text of the page."""
    words = tomllib.loads(_text("words.toml"))
    style, charts, script = _text("page.css"), _text("charts.min.js"), _text("page.js")
    told = facts(source) | {"lang": source.lang, "words": words}
    place = 0 if source.lang == "vi" else 1
    return Template(_text("page.html")).substitute(
        lang=source.lang,
        version=VERSION,
        title=html.escape(words["title"][place]),
        script_needed=html.escape(words["script"][place]),
        policy=_policy((charts, script), (style,)),
        style=style,
        facts=_embedded(told),
        lineage=_packed(lineage(source)),
        charts=charts,
        script=script,
    )


def _policy(scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    """Return the Content Security Policy: these scripts and styles by their hash, and nothing from anywhere."""
    allowed = {
        "default-src": "'none'",
        "script-src": " ".join(f"'{_hash(text)}'" for text in scripts),
        "style-src": " ".join([*(f"'{_hash(text)}'" for text in styles), f"'{_LIBRARY_STYLE}'"]),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _embedded(told: object) -> str:
    """Return JSON that no text in it can end or open a tag of the page with."""
    text = _json(told)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _packed(told: object) -> str:
    """Return JSON as the page unpacks it when a first figure is opened: it is long, and asked for by few."""
    return base64.b64encode(gzip.compress(_json(told).encode(), mtime=0)).decode()


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _text(name: str) -> str:
    return files("xltrack.documents.page").joinpath(name).read_text(encoding="utf-8")
