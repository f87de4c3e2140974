"""Numbers as people type them in Vietnamese tables."""

import re
from dataclasses import dataclass
from decimal import Decimal

from xltrack.language import Text

# Before the first digit an apostrophe is the one that makes a number text in Excel; between digits it groups thousands.
_SIGNED = re.compile(r"['’]?(?P<open>\()?\s*(?P<sign>[-−–+])?\s*(?P<body>[0-9][0-9.,  '’]*)\s*(?P<close>\))?")
_GROUPED = {
    ".": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?"),
    ",": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"),
    " ": re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?"),
    "'": re.compile(r"[0-9]{1,3}(?:'[0-9]{3})+(?:[.,][0-9]+)?"),
}
_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
# Excel stores and shows at most 15 significant digits (Excel specifications and limits).
SIGNIFICANT_DIGITS = 15
PRECISE_BELOW: int = 10**SIGNIFICANT_DIGITS


@dataclass(frozen=True, slots=True)
class Amount:
    """What a text may mean as a number: `grouped` with the separator as thousands, `decimal` as decimal mark.

    Where only one is possible the other is None; `separator` is "." or "," where both are.
    """

    grouped: Decimal | None
    decimal: Decimal | None
    separator: str = ""

    @property
    def is_ambiguous(self) -> bool:
        """Return whether both readings are possible."""
        return self.grouped is not None and self.decimal is not None

    @property
    def only(self) -> Decimal:
        """Return the one reading there is, the grouped one where there are two."""
        reading = self.decimal if self.grouped is None else self.grouped
        assert reading is not None  # noqa: S101  # an Amount is made with at least one reading
        return reading


def read_amount(text: str) -> Amount | None:
    """Return what the whole of the clean `text` may mean as a number; None if it is no number.

    "1.250.000,5", "1,250,000.5", "1 250 000" and "1'250'000" have one reading, "1.234" and "1,234" have two;
    "(1.000)" is negative.
    """
    match = _SIGNED.fullmatch(text)
    if match is None or bool(match["open"]) != bool(match["close"]) or (match["open"] and match["sign"]):
        return None
    negative = bool(match["open"]) or match["sign"] in ("-", "−", "–")
    amount = _read_body(match["body"].strip().replace("’", "'"))
    return _negated(amount) if negative and amount else amount


def of_number(number: float) -> Decimal:
    """Return `number` as Excel shows it: exact to 15 significant digits, without the noise of binary fractions."""
    return Decimal(number) if isinstance(number, int) else Decimal(f"{number:.{SIGNIFICANT_DIGITS}g}")


def shortest(number: Decimal) -> str:
    """Return `number` in digits, without exponent and without trailing zeros after the point."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(number: Decimal) -> Text:
    """Return `number` as people read it: "1.250.000,5" in Vietnamese, "1,250,000.5" in English."""
    english = format(number, ",f")
    english = english.rstrip("0").rstrip(".") if "." in english else english
    return Text(english.translate(str.maketrans(",.", ".,")), english)


def _read_body(body: str) -> Amount | None:
    grouped = decimal = None
    for separator, pattern in _GROUPED.items():
        if pattern.fullmatch(body) and not body.startswith("0"):
            grouped = Decimal(body.replace(separator, "").replace(",", "."))
    if _DECIMAL.fullmatch(body):
        decimal = Decimal(body.replace(",", "."))
    if grouped is None and decimal is None:
        return None
    return Amount(grouped, decimal, "." if "." in body else ",")


def _negated(amount: Amount) -> Amount:
    grouped = None if amount.grouped is None else -amount.grouped
    decimal = None if amount.decimal is None else -amount.decimal
    return Amount(grouped, decimal, amount.separator)
