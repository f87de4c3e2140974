"""Tells results: on stdout or in a file, in the form that was asked for."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from xltrack.cli.options import Common
from xltrack.cli.results import ResultFile
from xltrack.cli.wording import say
from xltrack.stages import stage

if TYPE_CHECKING:
    from xltrack.report.received import ReceivedFile

Form = Literal["text", "json", "csv", "sarif"]

_form_option = click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Form)),
    default="text",
    show_default=True,
    help=say(
        "Dạng kết quả: văn bản để đọc, JSON và SARIF cho chương trình, CSV cho bảng tính (mỗi phát hiện một dòng). Tên "
        "cột của CSV là mã cố định như trong JSON, ngôn ngữ nào cũng vậy.",
        "Form of the result: text to read, JSON and SARIF for programs, CSV for spreadsheets (one line a finding). The "
        "columns of the CSV are named as in the JSON, in every language.",
    ),
)
_output_option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=ResultFile(),
    help=say("Ghi kết quả vào FILE thay vì in ra.", "Write the result to FILE instead of printing it."),
)
_ledger_option = click.option(
    "--ledger",
    is_flag=True,
    help=say(
        "In cả danh sách các ô không phải dữ liệu: vì sao, ở đâu (dạng text và json).",
        "List the cells that were not read as data too: why, and where (text and json).",
    ),
)


@dataclass(frozen=True, slots=True)
class Report:
    """How results are told: the form, where (None: stdout), with the list of the `ledger`, `quiet` on clean files."""

    form: Form = "text"
    output: Path | None = None
    ledger: bool = False
    quiet: bool = False

    def tell(self, files: Sequence["ReceivedFile"], common: Common) -> None:
        """Print the results of `files`, or write them and print where; raises OutputError.

        On a terminal text has colours. All else goes out as bytes, so that no console changes it.
        """
        with stage("tell"):
            self._tell(files, common)

    def _tell(self, files: Sequence["ReceivedFile"], common: Common) -> None:
        if self.output:
            from xltrack.files import replace_file

            replace_file(self.output, self._content(files, common))
            click.echo(self.output)
        elif self.form != "text":
            click.echo(self._content(files, common), nl=False)
        elif sys.stdout.isatty():
            from rich.console import Console

            from xltrack.forms import load_schemas
            from xltrack.report.screen import show

            schemas = load_schemas(common.schemas)
            show(files, common.lang, Console(highlight=False), schemas, ledger=self.ledger, quiet=self.quiet)
        else:
            click.echo(self._text(files, common))

    def _text(self, files: Sequence["ReceivedFile"], common: Common) -> str:
        from xltrack.forms import load_schemas
        from xltrack.report.text import as_text

        schemas = load_schemas(common.schemas)
        return as_text(files, common.lang, schemas, ledger=self.ledger, quiet=self.quiet)

    def _content(self, files: Sequence["ReceivedFile"], common: Common) -> bytes:
        from xltrack.report.csv_result import as_csv
        from xltrack.report.json_result import as_json
        from xltrack.report.sarif_result import as_sarif

        if self.form == "text":
            # Older editors on Windows know UTF-8 by its mark, and lines by both signs.
            return f"{self._text(files, common)}\n".replace("\n", "\r\n").encode("utf-8-sig")
        if self.form == "csv":
            return as_csv(files, common.lang)
        lang = common.lang
        document = as_sarif(files, lang) if self.form == "sarif" else as_json(files, lang, ledger=self.ledger)
        return f"{document}\n".encode()


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command` the options --format, --output and --ledger, handed over as one `Report`."""

    @wraps(command)
    def with_report(*arguments: Any, form: Form, output: Path | None, ledger: bool, **others: Any) -> None:
        command(*arguments, report=Report(form, output, ledger), **others)

    wrapped: Callable[..., None] = with_report
    for option in (_ledger_option, _output_option, _form_option):
        wrapped = option(wrapped)
    return wrapped
