"""Time as the deadlines mean it: Hà Nội, seven hours before UTC all year."""

from datetime import datetime, timedelta, timezone

HANOI = timezone(timedelta(hours=7), "Hà Nội")
"""Fixed, because Viet Nam has kept one time since 1975 and a machine may lack a database of time zones."""


def in_hanoi(moment: datetime) -> datetime:
    """Return `moment` in Hà Nội time; one without a zone is taken to be that already."""
    return moment.astimezone(HANOI) if moment.tzinfo else moment.replace(tzinfo=HANOI)
