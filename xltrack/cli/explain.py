"""`xltrack explain`: what a finding code means."""

import click

from xltrack.cli.options import Common, common_options
from xltrack.cli.wording import say


@click.command(
    "explain",
    short_help=say("Giải thích mã phát hiện.", "Explain finding codes."),
    help=say(
        "Giải thích các mã phát hiện CODE (XLT402, 402 hoặc tên); không nêu mã nào thì liệt kê tất cả.",
        "Explain the finding codes CODE (XLT402, 402 or the name); without any, list them all.",
    ),
)
@click.argument("words", metavar="[CODE...]", nargs=-1)
@common_options
def command(common: Common, words: tuple[str, ...]) -> None:
    """Print the explanations."""
    from xltrack.findings import catalogue
    from xltrack.report.explained import explained, find_code, listed

    codes = [find_code(word) for word in words]
    if codes:
        click.echo("\n\n".join(explained(code, common.lang) for code in codes))
    else:
        click.echo(listed(tuple(catalogue().values()), common.lang))
