"""What the portal knows of a person, room by room, as plain values: JSON and the readable page are made from it.

Only the person's own: what their links show (that payer's things at that place), what they did themselves. Another
person who shares a place is "another person", never a name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mojplin.domain.accounts.access_log import described, reason_told
from mojplin.domain.accounts.models import AccessEvent, NoticeChoice, Session, TermsAcceptance, User
from mojplin.domain.billing.models import DocumentLine
from mojplin.domain.contracts.models import Contract
from mojplin.domain.linking.access import Place, documents_at, payers_kept_back, places_of
from mojplin.domain.linking.models import Invitation, Link, LinkAttempt
from mojplin.domain.metering.models import BilledReading, GaugeReading, ReadingPhoto, SubmittedReading
from mojplin.domain.orders.models import GasOrder, HandOver
from mojplin.domain.supply.models import Delivery
from mojplin.domain.support.models import Attachment, Enquiry, Entry

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the copy: its key in the JSON, what it is in the person's language, and its rows."""

    key: str
    title: str | Promise
    gather: Callable[[User, list[Place]], list[Row]]


def account(user: User, _places: list[Place]) -> list[Row]:
    names = (
        "username", "email", "name", "contact_phone", "language", "theme", "role", "registered_at", "closing_asked_at"
    )  # fmt: skip
    return [{name: getattr(user, name) for name in names}]


def notices(user: User, _places: list[Place]) -> list[Row]:
    return _rows(NoticeChoice.objects.filter(user=user).order_by("topic"), topic="topic", is_wanted="is_wanted")


def terms(user: User, _places: list[Place]) -> list[Row]:
    return _rows(
        TermsAcceptance.objects.filter(user=user).order_by("accepted_at"),
        version="terms__version", text_sha256="text_hash", label="label", language="language",
        accepted_at="accepted_at", ip="ip",
    )  # fmt: skip


def devices(user: User, _places: list[Place]) -> list[Row]:
    return _rows(
        Session.objects.filter(user=user).order_by("-last_seen_at"),
        device="device", ip="ip", signed_in_at="created_at", last_seen_at="last_seen_at",
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


def links(user: User, _places: list[Place]) -> list[Row]:
    return _rows(
        Link.objects.filter(user=user).order_by("created_at", "pk"),
        name="name", supply_point="supply_point__number", street="supply_point__street",
        post_code="supply_point__post_code", town="supply_point__town", payer="payer__number",
        role="role", linked_at="created_at", last_on="last_on", ended_at="ended_at",
        proven_again_at="proven_again_at",
    )  # fmt: skip


def invitations(user: User, _places: list[Place]) -> list[Row]:
    return _rows(
        Invitation.objects.filter(link__user=user).order_by("invited_at"),
        name="link__name", role="role", invited_at="invited_at", last_on="last_on", state="state",
    )  # fmt: skip


def attempts(user: User, _places: list[Place]) -> list[Row]:
    """Return when they tried to link and whether it did; why not would tell a guesser which numbers were right."""
    tries = LinkAttempt.objects.filter(user=user).order_by("tried_at")
    rows = _rows(tries, tried_at="tried_at", outcome="outcome", ip="ip")
    linked, refused = LinkAttempt.Outcome.LINKED.value, LinkAttempt.Outcome.REFUSED.value
    return [row | {"outcome": linked if row["outcome"] == linked else refused} for row in rows]


def documents(_user: User, places: list[Place]) -> list[Row]:
    own = documents_at(places).newest_first()
    lines: dict[int, list[Row]] = {}
    for row in _rows(
        DocumentLine.objects.filter(document__in=own.values("pk")).order_by("document_id", "position"),
        document="document_id", description="description", quantity="quantity", unit="unit",
        unit_price_eur="unit_price_eur", net_eur="net_eur", vat_percent="vat_percent",
    ):  # fmt: skip
        lines.setdefault(row.pop("document"), []).append(row)
    kept_back = payers_kept_back(places)
    rows = _rows(
        own.annotate(shown_number=Case(When(payer__in=kept_back, then=Value("")), default=F("external_number"))),
        key="pk", number="number", kind="kind", external_number="shown_number", payer="payer__number",
        supply_point="supply_point__number", issued_on="issued_on", due_on="due_on", period_from="period_from",
        period_to="period_to", net_eur="net_eur", vat_eur="vat_eur", amount_eur="amount_eur", open_eur="open_eur",
        reference="reference", purpose="purpose", corrects_number="corrects_number",
    )  # fmt: skip
    return [row | {"lines": lines.get(row.pop("key"), [])} for row in rows]


def billed_readings(_user: User, places: list[Place]) -> list[Row]:
    return _rows(
        at_places(BilledReading.objects.order_by("period_from", "pk"), places),
        supply_point="supply_point__number", meter="meter__number", period_from="period_from", period_to="period_to",
        value_from_m3="value_from_m3", value_to_m3="value_to_m3", consumption_m3="consumption_m3", basis="basis",
        document="document_number",
    )  # fmt: skip


def submitted_readings(user: User, places: list[Place]) -> list[Row]:
    rows = _rows(
        at_places(SubmittedReading.objects.order_by("submitted_at"), places, own=Q(submitted_by=user)),
        supply_point="supply_point__number", meter="meter__number", month="month", version="version",
        value_m3="value_m3", read_on="read_on", submitted_at="submitted_at", by="submitted_by_id", photo="photo__pk",
    )  # fmt: skip
    return [row | {"by": _who(row["by"], user), "photo": row["photo"] is not None} for row in rows]


def gauge_readings(user: User, places: list[Place]) -> list[Row]:
    rows = _rows(
        at_places(GaugeReading.objects.order_by("submitted_at"), places, own=Q(submitted_by=user)),
        supply_point="supply_point__number", read_on="read_on", version="version", gauge_percent="percent",
        submitted_at="submitted_at", by="submitted_by_id",
    )  # fmt: skip
    return [row | {"by": _who(row["by"], user)} for row in rows]


def contracts(_user: User, places: list[Place]) -> list[Row]:
    return _rows(
        at_places(Contract.objects.order_by("starts_on", "pk"), places),
        number="number", supply_point="supply_point__number", starts_on="starts_on", ends_on="ends_on",
        price_eur="price_eur", unit="unit", rental_eur_month="rental_eur_month", notice_days="notice_days",
    )  # fmt: skip


def deliveries(_user: User, places: list[Place]) -> list[Row]:
    return _rows(
        at_places(Delivery.objects.order_by("delivered_on", "pk"), places),
        number="number", supply_point="supply_point__number", delivered_on="delivered_on", litres="litres",
        document="document_number",
    )  # fmt: skip


def orders(user: User, places: list[Place]) -> list[Row]:
    """The phone and the note belong to who ordered."""
    rows = _rows(
        at_places(GasOrder.objects.order_by("ordered_at"), places, own=Q(ordered_by=user)),
        number="number", supply_point="supply_point__number", ordered_at="ordered_at", litres="litres",
        gauge_percent="gauge_percent", state="state", phone="phone", note="note", by="ordered_by_id",
    )  # fmt: skip
    masked = [row if row["by"] == user.pk else row | {"phone": "", "note": ""} for row in rows]
    return [row | {"by": _who(row["by"], user)} for row in masked]


def hand_overs(user: User, _places: list[Place]) -> list[Row]:
    return _rows(HandOver.objects.filter(user=user).order_by("handed_over_at"), form="form", at="handed_over_at")


def enquiries(user: User, _places: list[Place]) -> list[Row]:
    return _rows(
        Enquiry.objects.filter(sent_by=user).order_by("sent_at"),
        number="number", kind="kind", topic="topic", supply_point="supply_point__number", about="about_name",
        sent_at="sent_at", state="state", answer_by="promised_on", closed_at="closed_at", phone="call_phone",
        call_on="call_on", call_hour="call_hour",
    )  # fmt: skip


def enquiry_messages(user: User, _places: list[Place]) -> list[Row]:
    """Return what both sides said, without the notes that the office makes for itself."""
    said = said_to(user)
    files: dict[int, list[str]] = {}
    for entry, name in Attachment.objects.filter(entry__in=said).order_by("pk").values_list("entry_id", "name"):
        files.setdefault(entry, []).append(name)
    rows = _rows(
        said.order_by("pk"),
        key="pk", number="enquiry__number", at="written_at", by="side", message="text", came_from="came_from",
    )  # fmt: skip
    own = Entry.Side.CUSTOMER
    who = {True: _("you"), False: _("the supplier's office")}
    return [row | {"by": who[row["by"] == own], "files": ", ".join(files.get(row.pop("key"), []))} for row in rows]


def said_to(user: User) -> "QuerySet[Entry]":
    return Entry.objects.filter(enquiry__sent_by=user).exclude(side=Entry.Side.NOTE)


SECTIONS = (
    Section("account", gettext_lazy("Your account"), account),
    Section("notices", gettext_lazy("Which messages you want"), notices),
    Section("terms", gettext_lazy("Terms you agreed to"), terms),
    Section("devices", gettext_lazy("Signed-in devices"), devices),
    Section("supply_points", gettext_lazy("Your supply points, with your names for them"), links),
    Section("invitations", gettext_lazy("Whom you invited to a supply point, without names"), invitations),
    Section("documents", gettext_lazy("Invoices and notes, in euros"), documents),
    Section("billed_readings", gettext_lazy("Billed readings, in cubic metres"), billed_readings),
    Section("submitted_readings", gettext_lazy("Readings that were sent, in cubic metres"), submitted_readings),
    Section("gauge_readings", gettext_lazy("Gauges of tanks that were sent, in percent"), gauge_readings),
    Section("contracts", gettext_lazy("Contracts, prices in euros with VAT"), contracts),
    Section("deliveries", gettext_lazy("Deliveries of gas, in litres"), deliveries),
    Section("orders", gettext_lazy("Orders of gas, in litres"), orders),
    Section("web_forms", gettext_lazy("When you were led to a web form of the supplier"), hand_overs),
    Section("enquiries", gettext_lazy("Your messages to support"), enquiries),
    Section("enquiry_messages", gettext_lazy("What you and support wrote"), enquiry_messages),
    Section("link_attempts", gettext_lazy("Your tries to link a supply point"), attempts),
    Section("access_log", gettext_lazy("Who looked at your data or changed it"), events),
)
"""In the order of the readable page. A room that keeps something new of a person adds its section here."""


def files_of(user: User, places: list[Place]) -> Iterable[tuple[str, str]]:
    """Return (name in the copy, path in the document storage) of what the links give out and what support was sent."""
    given = documents_at(places).exclude(payer__in=payers_kept_back(places)).newest_first()
    for number, pdf, xml in given.values_list("number", "pdf_path", "xml_path"):
        name = number.replace("/", "-")
        yield from ((f"{name}.{kind}", path) for kind, path in (("pdf", pdf), ("xml", xml)) if path)
    sent = Attachment.objects.filter(entry__in=said_to(user)).order_by("pk")
    for key, number, name, path in sent.values_list("pk", "entry__enquiry__number", "name", "path"):
        yield f"{number}-{key}-{name}", path
    photos = at_readings(ReadingPhoto.objects.order_by("pk"), places, user)
    for key, point, month, path in photos.values_list("pk", "reading__supply_point__number", "reading__month", "path"):
        yield f"{point}-{month:%Y-%m}-{key}.jpg", path


def at_readings(photos: "QuerySet[ReadingPhoto]", places: list[Place], user: User) -> "QuerySet[ReadingPhoto]":
    """Return the pictures beside the readings that `submitted_readings` lists."""
    listed = at_places(SubmittedReading.objects.all(), places, own=Q(submitted_by=user))
    return photos.filter(reading__in=listed)


def own_places(user: User) -> list[Place]:
    """Return the places the person holds: what others share with them is those people's data."""
    return [place for place in places_of(user.pk) if not place.is_shared]


def at_places(rows: "QuerySet[Any]", places: list[Place], *, own: Q | None = None) -> "QuerySet[Any]":
    """Return the rows of the payer at the place, for every place; and those that are the person's own besides."""
    shown = own if own is not None else Q(pk__in=())
    for place in places:
        shown |= Q(supply_point_id=place.supply_point_id, payer_id=place.payer_id)
    return rows.filter(shown)


def _who(user_id: int, user: User) -> str:
    return _("you") if user_id == user.pk else _("another person")


def _rows(found: "QuerySet[Any]", **columns: str) -> list[Row]:
    return [dict(zip(columns, values, strict=True)) for values in found.values_list(*columns.values())]
