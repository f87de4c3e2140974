"""Time as the deadlines mean it: Hà Nội, seven hours before UTC all year."""

from datetime import date, datetime, time, timedelta, timezone

from xltrack.language import Text

HANOI = timezone(timedelta(hours=7), "Hà Nội")
"""Fixed, because Viet Nam has kept one time since 1975 and a machine may lack a database of time zones."""


def in_hanoi(moment: datetime) -> datetime:
    """Return `moment` in Hà Nội time; one without a zone is taken to be that already."""
    return moment.astimezone(HANOI) if moment.tzinfo else moment.replace(tzinfo=HANOI)


def until(day: date | datetime) -> datetime:
    """Return the moment up to which `day` reaches: a day to its end in Hà Nội, a moment to itself."""
    return in_hanoi(day if isinstance(day, datetime) else datetime.combine(day, time.max))


def is_day(moment: datetime) -> bool:
    """Return whether `moment` stands for a day that was given without a time: its last second in Hà Nội."""
    return in_hanoi(moment).time().replace(microsecond=0) == time(23, 59, 59)


def clock(moment: datetime) -> str:
    """Return `moment` as a clock in Hà Nội shows it, "29/11/2025 16:30"; of a day without a time the day alone."""
    local = in_hanoi(moment)
    return f"{local:%d/%m/%Y}" if is_day(local) else f"{local:%d/%m/%Y %H:%M}"


def known_until(moment: datetime) -> Text:
    """Return the sentence that says that only what had come by `moment` was looked at."""
    local = in_hanoi(moment)
    if is_day(local):
        return Text(
            f"Theo những gì đã nhận đến hết ngày {local:%d/%m/%Y} (giờ Hà Nội).",
            f"As of what had come by the end of {local:%d/%m/%Y} (Hà Nội).",
        )
    return Text(
        f"Theo những gì đã nhận đến {local:%H:%M:%S} ngày {local:%d/%m/%Y} (giờ Hà Nội).",
        f"As of what had come by {local:%d/%m/%Y %H:%M:%S} (Hà Nội).",
    )
