"""The command `xltrack`: its subcommands, and how failures are told.

Exit codes: 0 everything accepted; 1 something was found wrong in what was received; 2 xltrack could not do what
the operator asked.
"""

import io
import os
import sys

import click

from xltrack.cli import demo, merge, rollup, template, validate
from xltrack.cli.wording import LANG, say
from xltrack.errors import XltrackError
from xltrack.version import VERSION

OPERATOR = 2


class InOrder(click.Group):
    """Lists the commands in the order of the work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names in the order in which the commands were added."""
        return list(self.commands)


@click.group(
    cls=InOrder,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help=say(
        "Theo dõi Chương trình 1322 và Kế hoạch 36: biểu mẫu gửi tỉnh, kiểm tra, hợp nhất, tổng hợp toàn quốc.",
        "Tracks Programme 1322 and Plan 36: workbooks for provinces, validation, merging, national rollup.",
    ),
)
@click.version_option(VERSION, prog_name="xltrack")
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default=LANG,
    expose_value=False,
    help=say("Ngôn ngữ.", "Language."),
)
def cli() -> None:
    """Hold the subcommands."""


for command in (demo.command, template.command, validate.command, merge.command, rollup.command):
    cli.add_command(command)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    _speak_utf8()
    try:
        code = cli.main(prog_name="xltrack", standalone_mode=False)
    except click.ClickException as failure:
        failure.show()
        code = OPERATOR
    except XltrackError as failure:
        code = _tell(failure.message(LANG))
    except (click.Abort, KeyboardInterrupt):
        code = _tell(say("Đã dừng theo yêu cầu.", "Stopped as asked."))
    except BrokenPipeError:
        code = _leave_quietly()
    except OSError as failure:
        code = _tell(say(f"Máy không cho thực hiện: {failure}.", f"The machine refused: {failure}."))
    sys.exit(code if isinstance(code, int) else 0)


def _tell(sentence: str) -> int:
    click.echo(sentence, err=True)
    return OPERATOR


def _leave_quietly() -> int:
    """Stop writing to a reader that has gone, such as `head`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _speak_utf8() -> None:
    """Make Vietnamese printable on consoles and pipes whose code page lacks it, as on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
