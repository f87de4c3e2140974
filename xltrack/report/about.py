"""Whose return a received file is, as people say it."""

from xltrack.forms import Schemas
from xltrack.language import Lang
from xltrack.report.received import ReceivedFile


def about(file: ReceivedFile, schemas: Schemas, lang: Lang) -> str:
    """Return form, unit and round of `file`, "" if it is no return: "XLT-1322 · Bắc Ninh (T34-24) · Năm 2025"."""
    unit = schemas.units.by_code.get(file.unit or "")
    named = f"{unit.name.to(lang)} ({unit.code})" if unit else file.unit
    round_ = schemas.round_words(file.round).to(lang) if file.round else None
    return " · ".join(part for part in (file.form, named, round_) if part)
