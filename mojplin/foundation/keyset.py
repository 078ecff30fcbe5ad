"""Pages of a list that only grows: each begins behind the last row of the one before, by its instant and key."""

from datetime import UTC, datetime

LARGEST_KEY, LONGEST_MARK = 2**63 - 1, 100


def mark_of(at: datetime, key: int) -> str:
    """Return where a page ended, as it stands in the address of the next one."""
    return f"{at.isoformat()}~{key}"


def read_mark(asked: str) -> tuple[datetime, int] | None:
    """Return where the page before ended; anything but a mark begins at the newest."""
    instant, _mark, key = asked[:LONGEST_MARK].partition("~")
    try:
        at, number = datetime.fromisoformat(instant), int(key)
        is_known = at.tzinfo is not None and 0 <= number <= LARGEST_KEY
        return (at.astimezone(UTC), number) if is_known else None
    except (ValueError, OverflowError):
        return None
