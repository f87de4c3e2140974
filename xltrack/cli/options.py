"""Options that every command has, and how their values are understood."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import wraps
from pathlib import Path
from typing import Any

import click

from xltrack.cli.profiling import profile_option, profiling
from xltrack.cli.wording import LANG, say
from xltrack.hanoi import HANOI, in_hanoi
from xltrack.language import Lang

_TYPED = click.core.ParameterSource.COMMANDLINE
PERIODS = ("half", "annual", "five_year")

store_option = click.option(
    "--store",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="XLTRACK_STORE",
    default="national.duckdb",
    show_default=True,
    help=say("Kho dữ liệu (hoặc biến XLTRACK_STORE).", "The store (or the variable XLTRACK_STORE)."),
)
lang_option = click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default=LANG,
    show_default=True,
    help=say(
        "Ngôn ngữ của kết quả (hoặc biến XLTRACK_LANG).",
        "Language of the output (or the variable XLTRACK_LANG).",
    ),
)
schemas_option = click.option(
    "--schemas",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="XLTRACK_SCHEMAS",
    help=say(
        "Thư mục lược đồ thay cho lược đồ có sẵn (hoặc biến XLTRACK_SCHEMAS).",
        "A schemas folder in place of the one shipped (or the variable XLTRACK_SCHEMAS).",
    ),
)


wait_option = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help=say(
        "Chờ tối đa bấy nhiêu giây nếu chương trình khác đang ghi kho dữ liệu.",
        "Wait up to so many seconds while another program writes to the store.",
    ),
)


inbox_option = click.option(
    "--inbox",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="XLTRACK_INBOX",
    help=say(
        "Hộp thư đến; mặc định là thư mục inbox cạnh kho dữ liệu (hoặc biến XLTRACK_INBOX).",
        "The inbox; by default the folder inbox beside the store (or the variable XLTRACK_INBOX).",
    ),
)


def _without_cache(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:  # click's signature
    if wanted:
        from xltrack.cache import uncached

        ctx.with_resource(uncached())


cache_option = click.option(
    "--no-cache",
    is_flag=True,
    expose_value=False,
    callback=_without_cache,
    help=say(
        "Đọc lại mọi tệp, kể cả tệp đã đọc và chưa thay đổi (hoặc biến XLTRACK_CACHE=off).",
        "Read every file anew, those that were read and did not change too (or the variable XLTRACK_CACHE=off).",
    ),
)


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every command has."""

    store: Path
    lang: Lang
    schemas: Path | None

    def inbox(self, named: Path | None) -> Path:
        """Return the inbox that was `named`, else the one beside the store."""
        return named or self.store.parent / "inbox"


def places_given() -> str:
    """Return `--inbox` and `--store` as they were typed, each after a blank, for a command that is told to be run next.

    Those of the environment are left out: the next command has them too.
    """
    context = click.get_current_context()
    given = [name for name in ("inbox", "store") if context.get_parameter_source(name) is _TYPED]
    return "".join(f" --{name} {_as_typed(context.params[name])}" for name in given)


def _as_typed(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


class Arrival(click.ParamType[datetime]):
    """When files arrived: a day (its `end`, in Hà Nội) or a moment in ISO form."""

    name = "date"

    def __init__(self, end: time = time(23, 59, 59)) -> None:
        self._end = end

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ARG002  # click's signature
        """Return the moment with its time zone; a wrong text fails with a sentence."""
        if isinstance(value, datetime):
            return value
        try:
            if "/" in value:
                return self._end_of(datetime.strptime(value, "%d/%m/%Y").date())  # noqa: DTZ007  # a day has no zone
            if len(value) == len("2025-11-29"):
                return self._end_of(date.fromisoformat(value))
            moment = datetime.fromisoformat(value)
        except ValueError:
            example = "29/11/2025, 2025-11-29, 2025-11-29T16:30+07:00"
            self.fail(
                say(
                    f"`{value}` không phải ngày giờ, ví dụ: {example}",
                    f"`{value}` is no date, for example: {example}",
                )
            )
        return in_hanoi(moment)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, self._end, HANOI)


class Received(Arrival):
    """When files arrived, which is today at the latest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment with its time zone; a day to come fails with a sentence."""
        moment = super().convert(value, param, ctx)
        if moment.date() > datetime.now(HANOI).date():
            self.fail(
                say(
                    f"{moment:%d/%m/%Y} chưa tới: tệp không thể đã nhận vào ngày đó. Kiểm tra lại ngày, tháng, năm",
                    f"{moment:%d/%m/%Y} is still to come: no file can have arrived then. Check day, month and year",
                )
            )
        return moment


class UnitsAtType(click.ParamType[Any]):
    """The units in which figures stand: "reported", "current", or a day, as Arrival reads it."""

    name = "units"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return one of the two words, or the day in Hà Nội."""
        return value if value in ("reported", "current") else Arrival().convert(value, param, ctx).date()


received_option = click.option(
    "--received",
    type=Received(),
    metavar="DATE",
    help=say(
        "Ngày (giờ) nhận các tệp này; bỏ trống thì không xét đúng hạn.",
        "When these files arrived; without it lateness is not judged.",
    ),
)


period_option = click.option(
    "--period",
    type=click.Choice(PERIODS),
    default="annual",
    show_default=True,
    help=say("Loại kỳ được tổng hợp.", "The kind of rounds rolled up."),
)

as_of_option = click.option(
    "--as-of",
    type=Received(end=time.max),
    metavar="DATE",
    help=say(
        "Chỉ tính những gì đã nhận đến hết ngày này (hoặc đến giờ này); đơn vị, danh mục như hôm nay.",
        "Only what had come by the end of this day (or this moment); units and code lists are those of today.",
    ),
)


def common_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give `command` the options --store, --lang and --schemas, handed over as one `Common`, --wait and --profile."""

    @wraps(command)
    def with_common(
        store: Path, lang: Lang, schemas: Path | None, wait: float, profile: bool, **others: Any
    ) -> None:
        with profiling(wanted=profile), _waiting(wait):
            command(Common(store, lang, schemas), **others)

    wrapped: Callable[..., None] = with_common
    for option in (profile_option, wait_option, schemas_option, lang_option, store_option):
        wrapped = option(wrapped)
    return wrapped


def _waiting(seconds: float) -> AbstractContextManager[None]:
    if not seconds:
        return nullcontext()
    from xltrack.store.patience import patient

    return patient(seconds)
