"""What the account itself knows of its person: who they are, how they come in, what was done with their data."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from mojplin.domain.accounts.access_log import described, reason_told
from mojplin.domain.accounts.models import (
    AccessEvent,
    DeniedSignIn,
    EmailChange,
    KnownDevice,
    NoticeChoice,
    Passkey,
    PushDevice,
    Session,
    TermsAcceptance,
    User,
)
from mojplin.domain.linking.access import Place
from mojplin.domain.notifications.models import PlaceChoice, SentNotice
from mojplin.domain.own_data.rows import Row, rows_of


def account(user: User, _places: list[Place]) -> list[Row]:
    names = (
        "username", "email", "name", "contact_phone", "language", "theme", "role", "registered_at", "closing_asked_at"
    )  # fmt: skip
    return [{name: getattr(user, name) for name in names}]


def notices(user: User, _places: list[Place]) -> list[Row]:
    """Return what was chosen of each kind, in general and then at single places; no kind: of all of them."""
    in_general = NoticeChoice.objects.filter(user=user).order_by("topic")
    at_places = PlaceChoice.objects.filter(link__user=user).order_by("link", "topic")
    return [
        *(row | {"place": ""} for row in rows_of(in_general, topic="topic", is_wanted="is_wanted")),
        *rows_of(at_places, topic="topic", is_wanted="is_wanted", place="link__name"),
    ]


def messages(user: User, _places: list[Place]) -> list[Row]:
    """Return which reminders and news were sent."""
    sent = SentNotice.objects.filter(user=user).order_by("sent_at", "pk")
    return rows_of(sent, topic="topic", about="about", place="link__name", sent_at="sent_at")


def terms(user: User, _places: list[Place]) -> list[Row]:
    return rows_of(
        TermsAcceptance.objects.filter(user=user).order_by("accepted_at"),
        version="terms__version", text_sha256="text_hash", label="label", language="language",
        accepted_at="accepted_at", ip="ip",
    )  # fmt: skip


def devices(user: User, _places: list[Place]) -> list[Row]:
    return rows_of(
        Session.objects.filter(user=user).order_by("-last_seen_at"),
        device="device", ip="ip", signed_in_at="created_at", last_seen_at="last_seen_at",
    )  # fmt: skip


def browsers(user: User, _places: list[Place]) -> list[Row]:
    known = KnownDevice.objects.filter(user=user).order_by("-last_used_at")
    return rows_of(known, device="device", last_used_at="last_used_at")


def push_devices(user: User, _places: list[Place]) -> list[Row]:
    """Return which browsers show notifications; of their addresses only whose service it is, as they open the rest."""
    shown = PushDevice.objects.filter(user=user).order_by("-added_at")
    rows = rows_of(shown, device="browser__device", endpoint="endpoint", added_at="added_at")
    return [row | {"service": urlsplit(str(row.pop("endpoint"))).hostname} for row in rows]


def passkeys(user: User, _places: list[Place]) -> list[Row]:
    keys = Passkey.objects.filter(user=user).order_by("created_at")
    return rows_of(keys, name="name", added_at="created_at", last_used_at="last_used_at")


def denied_sign_ins(user: User, _places: list[Place]) -> list[Row]:
    return rows_of(
        DeniedSignIn.objects.filter(user=user).order_by("denied_at"), at="denied_at", device="device", ip="ip"
    )


def email_changes(user: User, _places: list[Place]) -> list[Row]:
    return rows_of(
        EmailChange.objects.filter(user=user).order_by("asked_at"),
        old_email="old_email", new_email="new_email", asked_at="asked_at", device="device", done_at="done_at",
        code="state",
    )  # fmt: skip


def events(user: User, _places: list[Place]) -> list[Row]:
    mine = AccessEvent.objects.filter(whose=user).order_by("-at", "-id")
    return [
        {"at": each.at, "what": str(described(each)), "code": each.what, "about": each.about, "by": _actor(each, user)}
        | {"reason": reason_told(each), "ip": each.ip if each.by_id == user.pk else None}
        for each in mine.iterator()
    ]


def _actor(event: AccessEvent, user: User) -> str:
    if event.by_id is None:
        return _("the portal")
    if event.by_id == user.pk:
        return _("you")
    return _("another person") if event.by_role in ("", User.Role.CUSTOMER) else _("the supplier's office")
