"""The two languages people read: Vietnamese first, English beside it."""

from typing import Literal, NamedTuple

Lang = Literal["vi", "en"]


class Text(NamedTuple):
    """One sentence or label in both languages."""

    vi: str
    en: str

    def to(self, lang: Lang) -> str:
        """Return the text in `lang`."""
        return self.vi if lang == "vi" else self.en


def grouped(count: int, lang: Lang) -> str:
    """Return a number with its thousands set apart as readers of the language write them: 1.234 or 1,234."""
    return f"{count:,}".replace(",", "." if lang == "vi" else ",")
