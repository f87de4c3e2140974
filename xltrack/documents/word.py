"""The report as a Word file: a template filled with the figures of a roll-up."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Draft
from docx.opc.exceptions import PackageNotFoundError

from xltrack.documents.filling import fill, has_placeholders
from xltrack.documents.form import blank_report
from xltrack.documents.marking import Marks, forget_marked
from xltrack.documents.subject import Subject
from xltrack.documents.words import word
from xltrack.errors import TemplateRefused
from xltrack.files import reason_not_read
from xltrack.findings.outputs import WORD_TIME
from xltrack.language import Lang, Text

_EPOCH = datetime(2021, 1, 1, tzinfo=UTC)
_FILLED = Text(
    "trong tệp không có chỗ điền {{…}} nào, như một báo cáo đã điền xong; lấy mẫu bằng `xltrack report --blank`",
    "it has no placeholder {{…}}, like a report that is filled in already; `xltrack report --blank` writes a template",
)
_NO_TEMPLATE = Text("đây không phải tệp Word .docx", "it is no Word file (.docx)")


def word_report(subject: Subject, template: Path | None = None) -> bytes:
    """Return the report of `subject` as a .docx; the same figures give the same bytes.

    `template` is a .docx with placeholders, by default that of `blank_word_report`. Raises UnknownName for a
    placeholder that there is none of, TemplateRefused for a template
    that cannot be read or has no placeholder.
    """
    draft = _opened(template) if template else blank_report(_usual(subject), subject.lang)
    marks = Marks(subject.lang, subject.period_kind)
    fill(draft, subject, marks)
    marks.close(draft)
    (title,) = word("title", (), subject) or ("",)
    return _closed(draft, str(title), subject.rollup.received_until)


def blank_word_report(lang: Lang, *, of_unit: bool) -> bytes:
    """Return the template itself, of one unit's report or of the nation's, for people to change in Word."""
    return _closed(blank_report("unit" if of_unit else "national", lang), "", None)


def _usual(subject: Subject) -> str:
    return "unit" if subject.unit else "national"


def _opened(template: Path) -> Draft:
    try:
        draft = Document(io.BytesIO(template.read_bytes()))
    except OSError as failure:
        raise TemplateRefused(path=template, reason=reason_not_read(failure)) from failure
    except (PackageNotFoundError, zipfile.BadZipFile, ValueError, KeyError) as failure:
        raise TemplateRefused(path=template, reason=_NO_TEMPLATE) from failure
    if not has_placeholders(draft):
        raise TemplateRefused(path=template, reason=_FILLED)
    forget_marked(draft)
    return draft


def _closed(draft: Draft, title: str, created: datetime | None) -> bytes:
    """Return the file, dated by its data, without the name of whoever made it."""
    properties = draft.core_properties
    properties.title, properties.comments, properties.author, properties.last_modified_by = title, "", "", ""
    properties.created = properties.modified = created or _EPOCH
    properties.revision = 1
    content = io.BytesIO()
    draft.save(content)
    return _undated(content.getvalue())


def _undated(content: bytes) -> bytes:
    """Return the same package with no time of writing in it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, WORD_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
