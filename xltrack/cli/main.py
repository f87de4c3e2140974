"""The command `xltrack`: its subcommands, and how failures are told.

Exit codes: 0 everything accepted; 1 something was found wrong in what was received; 2 xltrack could not do what
the operator asked; 130, as shells have it, who ran it stopped it.
"""

import gc
import gettext
import io
import logging
import os
import signal
import sys
import traceback
from collections import UserDict
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from xltrack.cli.wording import LANG, say
from xltrack.errors import MemoryFull, XltrackError
from xltrack.language import Text
from xltrack.version import VERSION

OPERATOR = 2
STOPPED = 128 + signal.SIGINT
_YOUNG = 50_000
_INTERRUPTED = "Query interrupted"
"""What DuckDB says in a RuntimeError where Ctrl+C came while it counted."""
_NO_MEMORY = "Out of Memory Error"
"""How DuckDB begins where it got too little memory."""
COMMANDS = (
    "demo",
    "template",
    "validate",
    "migrate",
    "fetch",
    "inbox",
    "merge",
    "reply",
    "status",
    "remind",
    "process",
    "rollup",
    "report",
    "refresh",
    "trace",
    "history",
    "diff",
    "explain",
    "waive",
    "enterprises",
    "redact",
    "verify",
    "rebuild",
    "export",
    "restore",
)
"""In the order of the work; each is `command` in the module of its name."""


class Modules(UserDict[str, Any]):
    """The commands by name; the module of one is imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        """Return the command; raises KeyError if there is none of this name."""
        found: click.Command = import_module(f"xltrack.cli.{self.data[name]}").command
        return found


class Spoken(logging.Handler):
    """Prints warnings on stderr: those with a `text` in the language of this run."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one."""
        text: Text | None = getattr(record, "text", None)
        click.echo(text.to(LANG) if text else record.getMessage(), err=True)


_SPOKEN = Spoken(logging.WARNING)


class InOrder(click.Group):
    """Lists the commands in the order of the work, not of the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names."""
        return list(self.commands)


@click.group(
    cls=InOrder,
    commands=Modules({name: name for name in COMMANDS}),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help=say(
        "Theo dõi Chương trình 1322 và Kế hoạch 36: biểu mẫu gửi tỉnh, kiểm tra, hợp nhất, tổng hợp toàn quốc.",
        "Tracks Programme 1322 and Plan 36: workbooks for provinces, validation, merging, national rollup.",
    ),
)
@click.version_option(
    VERSION, prog_name="xltrack", help=say("Hiện phiên bản rồi thoát.", "Show the version and exit.")
)
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default=LANG,
    expose_value=False,
    help=say("Ngôn ngữ.", "Language."),
)
def cli() -> None:
    """Hold the subcommands."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    # A tenth of a short command was spent looking for garbage among what it imports.
    gc.set_threshold(_YOUNG)
    _speak_utf8()
    _let_click_speak()
    logging.getLogger("xltrack").addHandler(_SPOKEN)
    if os.environ.get("XLTRACK_DEBUG"):
        logging.basicConfig(level=logging.DEBUG)
    try:
        code = cli.main(prog_name="xltrack", standalone_mode=False)
    except click.ClickException as failure:
        failure.show()
        code = OPERATOR
    except XltrackError as failure:
        code = _tell(failure.message(LANG))
    except (click.Abort, KeyboardInterrupt):
        code = _stopped()
    except BrokenPipeError:
        code = _leave_quietly()
    except Exception as failure:  # noqa: BLE001  # the last word to an operator is a sentence, not a traceback
        code = _fault(failure)
    sys.exit(code if isinstance(code, int) else 0)


def _fault(failure: Exception) -> int:
    """Tell of what xltrack did not foresee; the variable XLTRACK_DEBUG shows where it happened."""
    if str(failure) == _INTERRUPTED:
        return _stopped()
    if os.environ.get("XLTRACK_DEBUG"):
        traceback.print_exception(failure)
    if isinstance(failure, MemoryError) or str(failure).startswith(_NO_MEMORY):
        return _tell(MemoryFull(reason=str(failure).partition("\n")[0] or "MemoryError").message(LANG))
    if isinstance(failure, OSError):
        return _tell(say(f"Máy không cho thực hiện: {failure}.", f"The machine refused: {failure}."))
    what = f"{type(failure).__name__}: {failure}"
    return _tell(
        say(
            f"Lỗi của xltrack: {what}. Đặt XLTRACK_DEBUG=1, chạy lại rồi gửi kết quả cho người phát triển.",
            f"A fault of xltrack: {what}. Set XLTRACK_DEBUG=1, run this again and send the output to its developers.",
        )
    )


def _stopped() -> int:
    _tell(say("Đã dừng theo yêu cầu.", "Stopped as asked."))
    return STOPPED


def _tell(sentence: str) -> int:
    click.echo(sentence, err=True)
    return OPERATOR


def _leave_quietly() -> int:
    """Stop writing to a reader that has gone, such as `head`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _let_click_speak() -> None:
    """Let gettext, which click asks, say usage and usage errors in the language of this run."""
    os.environ["LANGUAGE"] = LANG
    gettext.bindtextdomain("xltrack", Path(__file__).with_name("locale"))
    gettext.textdomain("xltrack")


def _speak_utf8() -> None:
    """Make Vietnamese printable on consoles and pipes whose code page lacks it, as on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
