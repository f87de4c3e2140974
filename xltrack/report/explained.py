"""Finding codes explained in full, for the command line and the reference pages."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from xltrack.errors import UnknownName
from xltrack.findings import Code, catalogue
from xltrack.findings.catalogue import Lifecycle, plain
from xltrack.language import Lang, Text
from xltrack.report.text import SEVERITIES

if TYPE_CHECKING:
    from xltrack.store import Hits

LIFECYCLES: dict[Lifecycle, Text] = {
    "trial": Text("thử nghiệm", "trial"),
    "active": Text("đang áp dụng", "active"),
    "retired": Text("không còn áp dụng", "retired"),
}
_COUNTED = Text(
    "Đếm trong mọi tệp của kho, kể cả tệp đã được thay thế; một quyết định miễn trừ có thể trùm nhiều phát hiện. Số "
    "phát hiện được miễn trừ trong các báo cáo được tính: xem `xltrack rollup`.",
    "Counted in all files of the store, replaced ones too; one waiver may cover many findings. How many findings of "
    "the returns that count are waived is told by `xltrack rollup`.",
)
_ALIKE, _MOST_SUGGESTED = 0.6, 3


def find_code(word: str) -> Code:
    """Return the code that `word` names: "XLT402", "402" or "pattern_mismatch", in any case.

    Raises UnknownName, with those spelt alike.
    """
    wanted = word.strip().casefold().removeprefix("xlt")
    for code in catalogue().values():
        if wanted in (code.code[3:], code.name):
            return code
    raise UnknownName(kind=Text("mã phát hiện", "finding code"), name=word, hint=_similar(wanted))


def _similar(wanted: str) -> Text:
    # The first digit says what a code is about, so it is the one least likely to be mistyped.
    numbers = {code.code[3:]: code.code for code in catalogue().values() if code.code[3:4] == wanted[:1]}
    spellings = numbers | {code.name: code.code for code in catalogue().values()}
    near = DamerauLevenshtein.normalized_similarity
    found = process.extract(wanted, list(spellings), scorer=near, limit=_MOST_SUGGESTED, score_cutoff=_ALIKE)
    codes = ", ".join(dict.fromkeys(f"`{spellings[name]}`" for name, _, _ in found))
    listing = Text("`xltrack explain` liệt kê mọi mã.", "`xltrack explain` lists them all.")
    if not codes:
        return listing
    return Text(f"Có phải {codes} không? {listing.vi}", f"Is it {codes}? {listing.en}")


def explained(code: Code, lang: Lang) -> str:
    """Return all that is known of `code`; "…" stands where a message names a value."""
    since = Text(f"Từ phiên bản {code.since}", f"Since version {code.since}")
    source = Text(f"Căn cứ: {code.source}", f"Source: {code.source}")
    lines = [
        f"{code.code} {code.name} · {_standing(code, lang)}",
        f"  {plain(code.message, lang)}",
        f"  → {plain(code.hint, lang)}",
        "",
        f"  {code.explanation.to(lang)}",
        "",
        f"  {source.to(lang)}",
        f"  {since.to(lang)}",
    ]
    return "\n".join(lines)


def listed(codes: Sequence[Code], lang: Lang) -> str:
    """Return one line for each of `codes`."""
    return "\n".join(_lines(codes, lang))


def hit_line(hit: "Hits", lang: Lang) -> str:
    """Return how often a code was met in the files of the store."""
    share = Text(
        f"{hit.findings} phát hiện trong {hit.files}/{hit.of_files} tệp của {hit.units} đơn vị, "
        f"{hit.waivers} quyết định miễn trừ còn hiệu lực",
        f"findings: {hit.findings}, in {hit.files} of {hit.of_files} files, units: {hit.units}, "
        f"waivers in force: {hit.waivers}",
    )
    return share.to(lang)


def ranked(hits: "Sequence[Hits]", lang: Lang) -> str:
    """Return one line for each of `hits`, in their order, how many codes were never met, and what was counted."""
    known = catalogue()
    met = [(known[hit.code], hit) for hit in hits if hit.code in known]
    lines = [
        f"{code.code}  {_standing(code, lang):<24} {hit_line(hit, lang)} · {plain(code.message, lang)}"
        for code, hit in met
    ]
    never = len(known.keys() - {code.code for code, _ in met})
    rest = Text(f"Chưa gặp: {never} mã.", f"Never met: {never} code{'' if never == 1 else 's'}.")
    return "\n".join([*lines, rest.to(lang), _COUNTED.to(lang)])


def _lines(codes: Sequence[Code], lang: Lang) -> Iterator[str]:
    for code in codes:
        yield f"{code.code}  {_standing(code, lang):<24} {plain(code.message, lang)}"


def _standing(code: Code, lang: Lang) -> str:
    return f"{SEVERITIES[code.severity].to(lang)} · {LIFECYCLES[code.lifecycle].to(lang)}"
