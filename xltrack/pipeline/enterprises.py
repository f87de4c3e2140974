"""The review list of enterprises that may be one: written for a person, read back with her decisions."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from xltrack.errors import OutputError, UnknownName
from xltrack.files import reason_of, replace_file, separator_of
from xltrack.forms import fold, load_schemas
from xltrack.language import Text
from xltrack.store import Decision, Listed, Pair, decide, look_alike, open_store

COLUMNS = (
    "score", "former_code", "former_name", "former_address", "former_units", "former_years",
    "code", "name", "address", "units", "years", "decision", "reason",
)  # fmt: skip
_SAME = {fold(word): True for word in ("là một", "same", "cùng", "1", "có")}
_OTHER = {fold(word): False for word in ("khác", "khác nhau", "different", "0", "không")}
_WORDS = Text("“là một” hoặc “khác”", '"same" or "different"')


def review_enterprises(
    store: Path | str, output: Path | str, *, schemas: Path | None = None
) -> tuple[Pair, ...]:
    """Write the pairs of tax codes that look like one enterprise to `output` (.csv), and return them.

    The columns decision and reason are left blank, for a person. Raises StoreError and OutputError.
    """
    declared = load_schemas(schemas)
    with open_store(Path(store), declared, read_only=True) as opened:
        pairs = look_alike(opened)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([COLUMNS, *map(_line, pairs)])
    replace_file(Path(output), text.getvalue().encode("utf-8-sig"))
    return pairs


def decide_enterprises(
    store: Path | str, decided: Path | str, *, by: str, schemas: Path | None = None
) -> tuple[int, int]:
    """Record what stands in the column decision of `decided`; return how many rows say something, and how many are new.

    Rows may be added by hand: former_code, code, decision and reason are read, nothing else. Raises UnknownName, naming
    the row, for a word that is no decision, a tax code of other than ten digits, or a reason left out; then nothing is
    recorded. Raises OutputError for a file that cannot be read, and StoreError.
    """
    made = tuple(_decisions(Path(decided), by))
    with open_store(Path(store), load_schemas(schemas)) as opened:
        return len(made), decide(opened, made)


def _line(pair: Pair) -> list[object]:
    return [pair.score, *_side(pair.former), *_side(pair.today), "", ""]


def _side(one: Listed) -> list[object]:
    """Return one enterprise; Excel would take a leading zero from a bare number, so the code is written as a text."""
    texts = (one.name, one.address)
    units, years = " ".join(one.units), " ".join(map(str, one.years))
    return [
        one.tax_code,
        *(f"'{text}" if text.startswith(("=", "+", "-", "@")) else text for text in texts),
        units,
        years,
    ]


def _decisions(path: Path, by: str) -> Iterator[Decision]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        reason = reason_of(failure) if isinstance(failure, OSError) else "UTF-8?"
        raise OutputError(path=path, reason=reason) from failure
    rows = csv.DictReader(io.StringIO(text), delimiter=separator_of(text))
    for number, row in enumerate(rows, 2):
        word = (row.get("decision") or "").strip()
        if word:
            yield _decision(row, number, word, by)


def _decision(row: Mapping[str, str | None], number: int, word: str, by: str) -> Decision:
    known = _SAME | _OTHER
    if fold(word) not in known:
        _refuse(
            number, Text("quyết định", "decision"), word, Text(f"Ghi {_WORDS.vi}.", f"Write {_WORDS.en}.")
        )
    reason = (row.get("reason") or "").strip()
    if not reason:
        _refuse(number, Text("lý do", "reason"), "", Text("Ghi lý do của quyết định.", "Say why."))
    former, code = (_code(row.get(name), number) for name in ("former_code", "code"))
    return Decision(former, code, known[fold(word)], reason, by)


def _code(text: str | None, number: int) -> str:
    """Return a tax code of ten digits; a leading zero that a spreadsheet took away is put back."""
    digits = (text or "").strip().strip("'")
    if not digits.isascii() or not digits.isdigit() or not 9 <= len(digits) <= 10:
        hint = Text("Mã số thuế có mười chữ số.", "A tax code has ten digits.")
        _refuse(number, Text("mã số thuế", "tax code"), digits, hint)
    return digits.zfill(10)


def _refuse(number: int, what: Text, said: str, hint: Text) -> None:
    kind = Text(f"{what.vi} ở dòng {number}", f"{what.en} in row {number}")
    raise UnknownName(kind=kind, name=said, hint=hint)
