"""Rate limits, counted in one table by an atomic upsert; right under parallel requests and in every process."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, models


class Counter(models.Model):
    """How often something happened in the window that began at `window_start`."""

    key = models.CharField(max_length=150)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "foundation"
        constraints = [models.UniqueConstraint(name="counter_window", fields=["key", "window_start"])]


def hit(key: str, *, window: timedelta, now: datetime) -> int:
    """Count one more and return how many there are in the current window of that length."""
    start = window_start(window, now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_counter (key, window_start, count) VALUES (%s, %s, 1) "
            "ON CONFLICT (key, window_start) DO UPDATE SET count = foundation_counter.count + 1 RETURNING count",
            [key, connection.ops.adapt_datetimefield_value(start)],
        )
        count: int = cursor.fetchone()[0]
    return count


def hit_all(windows: Mapping[str, timedelta], *, now: datetime) -> dict[str, int]:
    """Count one more of each key in its window, in one statement; return how many there are of each."""
    values = [
        (key, connection.ops.adapt_datetimefield_value(window_start(window, now))) for key, window in windows.items()
    ]
    rows = ", ".join(["(%s, %s, 1)"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO foundation_counter (key, window_start, count) VALUES {rows} "  # noqa: S608  # marks alone
            "ON CONFLICT (key, window_start) DO UPDATE SET count = foundation_counter.count + 1 RETURNING key, count",
            [each for pair in values for each in pair],
        )
        return dict(cursor.fetchall())


def take_back(key: str, *, window: timedelta, now: datetime) -> None:
    """Take one back of those that `hit` counted in the current window, when it turned out to be none."""
    counted = Counter.objects.filter(key=key, window_start=window_start(window, now), count__gt=0)
    counted.update(count=models.F("count") - 1)


def take_back_all(windows: Mapping[str, timedelta], *, now: datetime) -> None:
    """Take one back of each key in its window, in one statement."""
    starts = {key: connection.ops.adapt_datetimefield_value(window_start(each, now)) for key, each in windows.items()}
    these = " OR ".join(["(key = %s AND window_start = %s)"] * len(starts))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE foundation_counter SET count = count - 1 WHERE count > 0 AND ({these})",  # noqa: S608  # marks alone
            [each for pair in starts.items() for each in pair],
        )


def hits(key: str, *, window: timedelta, now: datetime) -> int:
    """Return how many there are in the current window, without counting."""
    counted = Counter.objects.filter(key=key, window_start=window_start(window, now)).values_list("count", flat=True)
    return counted.first() or 0


def counts_of(keys: Sequence[str], starts: Sequence[datetime]) -> list[tuple[str, int]]:
    """Return how many there are of each key in the windows that began at one of these instants; one plain statement."""
    adapted = [connection.ops.adapt_datetimefield_value(start) for start in starts]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, count FROM foundation_counter "  # noqa: S608  # marks alone
            f"WHERE key IN ({', '.join(['%s'] * len(keys))}) AND window_start IN ({', '.join(['%s'] * len(adapted))})",
            [*keys, *adapted],
        )
        return list(cursor.fetchall())


def window_start(window: timedelta, now: datetime) -> datetime:
    """Return the start of the window `now` is in; windows are laid from the epoch."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
