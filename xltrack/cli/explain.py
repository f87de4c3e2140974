"""`xltrack explain`: what a finding code means."""

from typing import TYPE_CHECKING

import click

from xltrack.cli.options import Common, common_options
from xltrack.cli.wording import say

if TYPE_CHECKING:
    from xltrack.store import Hits


@click.command(
    "explain",
    short_help=say("Giải thích mã phát hiện.", "Explain finding codes."),
    help=say(
        "Giải thích các mã phát hiện CODE (XLT402, 402 hoặc tên); không nêu mã nào thì liệt kê tất cả.",
        "Explain the finding codes CODE (XLT402, 402 or the name); without any, list them all.",
    ),
)
@click.argument("words", metavar="[CODE...]", nargs=-1)
@click.option(
    "--hits",
    "with_hits",
    is_flag=True,
    help=say(
        "Cho biết mỗi mã đã gặp bao nhiêu lần trong các tệp của kho dữ liệu, mã gặp nhiều nhất trước.",
        "Tell how often each code was met in the files of the store, the most frequent first.",
    ),
)
@common_options
def command(common: Common, words: tuple[str, ...], *, with_hits: bool) -> None:
    """Print the explanations, with the counts if they are wanted."""
    from xltrack.findings import catalogue
    from xltrack.report.explained import explained, find_code, hit_line, listed, ranked

    codes = [find_code(word) for word in words]
    hits = _hits(common) if with_hits else ()
    counted = {hit.code: f"\n\n  {hit_line(hit, common.lang)}" for hit in hits}
    if codes:
        never = say("\n\n  Chưa gặp trong kho dữ liệu.", "\n\n  Never met in the store.") if with_hits else ""
        click.echo(
            "\n\n".join(explained(code, common.lang) + counted.get(code.code, never) for code in codes)
        )
    elif with_hits:
        click.echo(ranked(hits, common.lang))
    else:
        click.echo(listed(tuple(catalogue().values()), common.lang))


def _hits(common: Common) -> "tuple[Hits, ...]":
    from xltrack.pipeline import hit_counts

    return hit_counts(common.store, schemas=common.schemas)
