"""Moments and civil days. Moments are aware UTC; the caller says what time it is."""

from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one civil time and no summer time."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Return whole milliseconds since 1970 UTC (floor). Raises ValueError for a naive moment."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place here")
    return (moment - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """Return the aware UTC moment of `ms` whole milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=ms)


def civil_date(moment: datetime) -> date:
    """Return the calendar day in China at `moment`."""
    return moment.astimezone(CHINA).date()


def iso_z(moment: datetime) -> str:
    """Return ISO 8601 in UTC with `Z`, whole seconds, as the HTTP contract writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
