"""Numbers as people type them in Vietnamese tables."""

import re
from dataclasses import dataclass
from decimal import Decimal

from xltrack.language import Text

# Before the first digit an apostrophe is the one that makes a number text in Excel; between digits it groups thousands.
_SIGNED = re.compile(r"['’]?(?P<open>\()?\s*(?P<sign>[-−–+])?\s*(?P<body>[0-9][0-9.,  '’]*)\s*(?P<close>\))?")
_UNGROUPED = re.compile(r"[0-9]+(?:[.,](?P<rest>[0-9]+))?")
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?P<mark>[., '])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:(?!(?P=mark))[.,](?P<rest>[0-9]+))?"
)
# A number of thousands as it is usually typed in Viet Nam: "1.234".
_USUAL = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_NOT_DIGITS = re.compile("[^0-9]")
_GROUP = 3
# Excel stores and shows at most 15 significant digits (Excel specifications and limits).
SIGNIFICANT_DIGITS = 15
PRECISE_BELOW: int = 10**SIGNIFICANT_DIGITS


@dataclass(frozen=True, slots=True)
class Amount:
    """What a text may mean as a number: `grouped` if its last separator is of thousands, `decimal` if of decimals.

    Where only one is possible the other is None; `is_usual` says that the text groups its digits as is usual: "1.234".
    """

    grouped: Decimal | None
    decimal: Decimal | None
    is_usual: bool = False

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

    "1.250.000,5", "1,250,000.5", "1 250 000" and "1'250'000" have one reading. What ends in a separator of its own
    kind and three digits has two: "1.234", "1,234", "1200.000", "1 250.500". "(1.000)" is negative.
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
    match = _UNGROUPED.fullmatch(body) or _GROUPED.fullmatch(body)
    if match is None:
        return None
    digits, rest = _NOT_DIGITS.sub("", body), match["rest"]
    if rest is None:
        return Amount(Decimal(digits), None)
    decimal = Decimal(f"{digits.removesuffix(rest)}.{rest}")
    is_group = len(rest) == _GROUP and body[0] != "0"
    return Amount(Decimal(digits) if is_group else None, decimal, _USUAL.fullmatch(body) is not None)


def _negated(amount: Amount) -> Amount:
    grouped = None if amount.grouped is None else -amount.grouped
    decimal = None if amount.decimal is None else -amount.decimal
    return Amount(grouped, decimal, amount.is_usual)
