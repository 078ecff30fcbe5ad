"""What the copy says of hand-overs: what the person announced, and what they answered as who takes over."""

from mojplin.domain.accounts.models import User
from mojplin.domain.linking.access import Place
from mojplin.domain.moving.models import MoveOut
from mojplin.domain.own_data.rows import Row, rows_of


def moves(user: User, _places: list[Place]) -> list[Row]:
    """Return what they announced; name and telephone of whoever takes over are that person's."""
    return rows_of(
        MoveOut.objects.filter(given_by=user).order_by("announced_at"),
        number="number", supply_point="supply_point__number", announced_at="announced_at", moves_on="moves_on",
        meter="meter__number", value_m3="value_m3", gauge_percent="gauge_percent", address="bill_address",
        email="taker_email", state="state", reason="decided_because", settled_at="settled_at",
    )  # fmt: skip


def taken_over(user: User, _places: list[Place]) -> list[Row]:
    """Return what they were asked as who takes over, known by the e-mail address of their account."""
    return rows_of(
        MoveOut.objects.filter(taker_email=user.email).exclude(taker_email="").order_by("announced_at"),
        number="number", supply_point="supply_point__number", moves_on="moves_on", name="taker_name",
        phone="taker_phone", answered_at="answered_at", other_on="other_on", other_value_m3="other_value_m3",
        other_percent="other_percent", state="state", reason="decided_because",
    )  # fmt: skip
