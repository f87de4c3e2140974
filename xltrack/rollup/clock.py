"""Time in Hà Nội, by which deadlines are kept: UTC+7 all year."""

from datetime import datetime, timedelta, timezone

HANOI = timezone(timedelta(hours=7))


def in_hanoi(moment: datetime | None) -> datetime | None:
    """Return the wall clock time in Hà Nội of `moment` (with a zone), without a zone; None stays None."""
    return moment.astimezone(HANOI).replace(tzinfo=None) if moment else None
