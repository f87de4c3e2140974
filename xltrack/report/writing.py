"""Writes letters from templates that people may change: as text, and as HTML that says the same."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final, Literal

from xltrack.errors import OutputError, UnknownName
from xltrack.files import make_folder, reason_not_read, replace_file
from xltrack.language import Lang, Text

TemplateName = Literal["reply", "remind_before", "remind_after"]
TEMPLATES: Final[tuple[TemplateName, ...]] = ("reply", "remind_before", "remind_after")
_SUBJECT: Final = re.compile(r"(?:Tiêu đề|Subject):\s*(.*)")
_LANGUAGES: Final = re.compile(r"(?m)^---\s*$")
_ALONE: Final = re.compile(r"\$\{?(\w+)\}?")
_FONT: Final = "font-family: Segoe UI, Arial, sans-serif; font-size: 15px; line-height: 1.5; color: #1f2328"
_PAGE: Final = (
    '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"></head>\n'
    f'<body style="margin: 0"><div style="{_FONT}; max-width: 42em; padding: 16px">\n{{inner}}\n</div></body></html>\n'
)
_RULE: Final = '<hr style="border: 0; border-top: 1px solid #d0d7de; margin: 24px 0">'


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph that is made, not typed: the same as text and as HTML; blank if there is nothing to say."""

    text: str = ""
    html: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """What a template may name: `words` within its sentences, `parts` as paragraphs of their own."""

    words: Mapping[str, str]
    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Written:
    """A letter: its subject ("" if the template names none), and what it says, twice."""

    subject: str
    text: str
    html: str


def read_template(name: TemplateName, folder: Path | None) -> str:
    """Return the template `name` of the `folder` of one's own, else the one shipped; raises OutputError.

    A folder of one's own gets those that it lacks, so that there is something to change.
    """
    shipped = files("xltrack.report").joinpath("letters", f"{name}.txt").read_text(encoding="utf-8")
    if folder is None:
        return shipped
    path = make_folder(folder) / f"{name}.txt"
    try:
        if not path.exists():
            # Older editors on Windows know UTF-8 by its mark, and lines by both signs.
            replace_file(path, shipped.replace("\n", "\r\n").encode("utf-8-sig"))
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        reason = reason_not_read(failure) if isinstance(failure, OSError) else _NOT_UTF8
        raise OutputError(path=path, reason=reason) from failure


def write(template: str, fillings: Mapping[Lang, Filling]) -> Written:
    """Return the letter that `template` gives: Vietnamese, and English below if it has a second part after "---".

    Raises UnknownName for a name in it that nothing stands for.
    """
    first, *more = _LANGUAGES.split(template)
    lines = first.lstrip().splitlines()
    found = _SUBJECT.fullmatch(lines[0].strip()) if lines else None
    subject = _filled(found[1], fillings["vi"]) if found else ""
    bodies = [("vi", "\n".join(lines[1:] if found else lines)), *(("en", one) for one in more[:1])]
    said = [list(_paragraphs(body, fillings[lang])) for lang, body in bodies]  # type: ignore[index]  # the two languages
    text = "\n\n---\n\n".join("\n\n".join(part.text for part in parts) for parts in said)
    html = f"\n{_RULE}\n".join("\n".join(part.html for part in parts) for parts in said)
    return Written(subject, f"{text}\n", _PAGE.format(inner=html))


def paragraph(text: str, style: str = "margin: 0 0 12px") -> Part:
    """Return `text`, which may be of several lines, as a paragraph."""
    return Part(text, f'<p style="{style}">{_lines(text)}</p>') if text else Part()


def _paragraphs(body: str, filling: Filling) -> Iterator[Part]:
    for typed in re.split(r"\n\s*\n", body.strip()):
        alone = _ALONE.fullmatch(typed.strip())
        part = filling.parts.get(alone[1]) if alone else None
        if part is None:
            yield paragraph(_filled(typed, filling))
        elif part.text:
            yield part


def _filled(typed: str, filling: Filling) -> str:
    try:
        return Template(typed).substitute(filling.words)
    except (KeyError, ValueError) as failure:
        name = failure.args[0] if isinstance(failure, KeyError) else typed
        known = ", ".join(f"${one}" for one in (*filling.words, *filling.parts))
        hint = Text(
            f"Mẫu thư được dùng: {known}; ký hiệu $ viết là $$.",
            f"A template may name {known}; the sign $ is written $$.",
        )
        raise UnknownName(
            kind=Text("tên trong mẫu thư", "name in a template"), name=name, hint=hint
        ) from failure


def _lines(text: str) -> str:
    return "<br>\n".join(escape(line) for line in text.splitlines())


_NOT_UTF8: Final = Text("tệp không phải UTF-8", "it is not UTF-8")
