"""What the portal knows of a person, room by room, as plain values: JSON and the readable page are made from it.

Only the person's own: what their links show (that payer's things at that place), what they did themselves. Another
person who shares a place is "another person", never a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import DocumentLine, DocumentVat
from mojplin.domain.contracts.models import Contract, ContractFile, Offer, Renewal
from mojplin.domain.linking.access import Place, documents_at, payers_kept_back, places_of
from mojplin.domain.linking.models import Invitation, Link, LinkAttempt
from mojplin.domain.metering.models import BilledReading, GaugeReading, SubmittedReading
from mojplin.domain.orders.models import CylinderLine, CylinderOrder, GasOrder, HandOver
from mojplin.domain.own_data import of_account, of_billing, of_moving
from mojplin.domain.own_data.rows import Row, at_places, rows_of
from mojplin.domain.supply.models import Delivery
from mojplin.domain.support.models import Attachment, Enquiry, Entry


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the copy: its key in the JSON, what it is in the person's language, and its rows."""

    key: str
    title: str | Promise
    gather: Callable[[User, list[Place]], list[Row]]


def links(user: User, _places: list[Place]) -> list[Row]:
    return rows_of(
        Link.objects.filter(user=user).order_by("created_at", "pk"),
        name="name", supply_point="supply_point__number", street="supply_point__street",
        post_code="supply_point__post_code", town="supply_point__town", payer="payer__number",
        icon="icon", colour="colour", group="group__name", role="role", linked_at="created_at", last_on="last_on",
        ended_at="ended_at", proven_again_at="proven_again_at",
    )  # fmt: skip


def invitations(user: User, _places: list[Place]) -> list[Row]:
    return rows_of(
        Invitation.objects.filter(link__user=user).order_by("invited_at"),
        name="link__name", role="role", invited_at="invited_at", last_on="last_on", state="state",
    )  # fmt: skip


def attempts(user: User, _places: list[Place]) -> list[Row]:
    """Return when they tried to link and whether it did; why not would tell a guesser which numbers were right."""
    tries = LinkAttempt.objects.filter(user=user).order_by("tried_at")
    rows = rows_of(tries, tried_at="tried_at", outcome="outcome", ip="ip")
    linked, refused = LinkAttempt.Outcome.LINKED.value, LinkAttempt.Outcome.REFUSED.value
    return [row | {"outcome": linked if row["outcome"] == linked else refused} for row in rows]


def documents(_user: User, places: list[Place]) -> list[Row]:
    own = documents_at(places).newest_first()
    lines: dict[int, list[Row]] = {}
    for row in rows_of(
        DocumentLine.objects.filter(document__in=own.values("pk")).order_by("document_id", "position"),
        document="document_id", description="description", quantity="quantity", unit="unit",
        unit_price_eur="unit_price_eur", net_eur="net_eur", vat_percent="vat_percent",
    ):  # fmt: skip
        lines.setdefault(row.pop("document"), []).append(row)
    vat: dict[int, list[Row]] = {}
    for row in rows_of(
        DocumentVat.objects.filter(document__in=own.values("pk")).order_by("document_id", "-vat_percent", "category"),
        document="document_id", category="category", vat_percent="vat_percent", base_eur="base_eur", vat_eur="vat_eur",
        reason="reason",
    ):  # fmt: skip
        vat.setdefault(row.pop("document"), []).append(row)
    kept_back = payers_kept_back(places)
    rows = rows_of(
        own.annotate(shown_number=Case(When(payer__in=kept_back, then=Value("")), default=F("external_number"))),
        key="pk", number="number", kind="kind", external_number="shown_number", payer="payer__number",
        supply_point="supply_point__number", issued_on="issued_on", due_on="due_on", period_from="period_from",
        period_to="period_to", net_eur="net_eur", vat_eur="vat_eur", amount_eur="amount_eur", open_eur="open_eur",
        reference="reference", purpose="purpose", corrects_number="corrects_number",
    )  # fmt: skip
    return [row | {"lines": lines.get(key := row.pop("key"), []), "vat": vat.get(key, [])} for row in rows]


def billed_readings(_user: User, places: list[Place]) -> list[Row]:
    return rows_of(
        at_places(BilledReading.objects.order_by("period_from", "pk"), places),
        supply_point="supply_point__number", meter="meter__number", period_from="period_from", period_to="period_to",
        value_from_m3="value_from_m3", value_to_m3="value_to_m3", consumption_m3="consumption_m3", basis="basis",
        document="document_number",
    )  # fmt: skip


def submitted_readings(user: User, places: list[Place]) -> list[Row]:
    rows = rows_of(
        at_places(SubmittedReading.objects.order_by("submitted_at"), places, own=Q(submitted_by=user)),
        supply_point="supply_point__number", meter="meter__number", month="month", version="version",
        value_m3="value_m3", read_on="read_on", submitted_at="submitted_at", by="submitted_by_id", photo="photo__pk",
        taken_back="is_withdrawn", for_information="is_informative", new_meter="exchange__new_number",
        old_final_m3="exchange__old_final_m3", new_initial_m3="exchange__new_initial_m3",
        exchanged_on="exchange__exchanged_on", confirmed="is_odd", accepted="judgement__is_accepted",
        judged_at="judgement__judged_at", reason="judgement__reason",
    )  # fmt: skip
    return [row | {"by": _who(row["by"], user), "photo": row["photo"] is not None} for row in rows]


def gauge_readings(user: User, places: list[Place]) -> list[Row]:
    rows = rows_of(
        at_places(GaugeReading.objects.order_by("submitted_at"), places, own=Q(submitted_by=user)),
        supply_point="supply_point__number", read_on="read_on", version="version", gauge_percent="percent",
        submitted_at="submitted_at", by="submitted_by_id",
    )  # fmt: skip
    return [row | {"by": _who(row["by"], user)} for row in rows]


def contracts(_user: User, places: list[Place]) -> list[Row]:
    return rows_of(
        at_places(Contract.objects.order_by("starts_on", "pk"), places),
        number="number", supply_point="supply_point__number", starts_on="starts_on", ends_on="ends_on",
        price_eur="price_eur", unit="unit", price_basis="price_basis", rental_eur_month="rental_eur_month",
        notice_days="notice_days",
    )  # fmt: skip


def contract_files(_user: User, places: list[Place]) -> list[Row]:
    return rows_of(
        ContractFile.objects.filter(contract__in=_contracts_at(places)).order_by("dated_on", "file_name"),
        number="contract__number", kind="kind", dated_on="dated_on", file_name="file_name",
    )  # fmt: skip


def offers(_user: User, places: list[Place]) -> list[Row]:
    return rows_of(
        Offer.objects.filter(contract__in=_contracts_at(places)).order_by("valid_from", "number"),
        number="number", contract="contract__number", months="months", price_eur="price_eur", price_basis="price_basis",
        starts_on="valid_from", ends_on="valid_until",
    )  # fmt: skip


def renewals(user: User, places: list[Place]) -> list[Row]:
    """Return what was agreed, with every line that stood on the page then; for another's contract without these."""
    own = set(_contracts_at(places).values_list("pk", flat=True))
    rows = rows_of(
        Renewal.objects.filter(Q(contract__in=_contracts_at(places)) | Q(agreed_by=user)).order_by("agreed_at"),
        number="number", contract="contract__number", months="months", price_eur="price_eur", price_basis="price_basis",
        starts_on="starts_on", ends_on="ends_on", agreed_at="agreed_at", state="state", withdraw_until="withdraw_until",
        withdrawn_at="withdrawn_at", shown="shown__facts", shown_sha256="shown_sha256", by="agreed_by_id",
        key="contract_id",
    )  # fmt: skip
    return [
        row | {"by": _who(row["by"], user), "shown": _as_one_line(row["shown"]) if row.pop("key") in own else ""}
        for row in rows
    ]


def _as_one_line(facts: list[list[str]]) -> str:
    return "; ".join(f"{label}: {text}" for label, text in facts)


def _contracts_at(places: list[Place]) -> "QuerySet[Any]":
    return at_places(Contract.objects.all(), places).values("pk")


def deliveries(_user: User, places: list[Place]) -> list[Row]:
    return rows_of(
        at_places(Delivery.objects.order_by("delivered_on", "pk"), places),
        number="number", supply_point="supply_point__number", delivered_on="delivered_on", litres="litres",
        document="document_number",
    )  # fmt: skip


def orders(user: User, places: list[Place]) -> list[Row]:
    """The phone and the note belong to who ordered."""
    rows = rows_of(
        at_places(GasOrder.objects.order_by("ordered_at"), places, own=Q(ordered_by=user)),
        number="number", supply_point="supply_point__number", ordered_at="ordered_at", litres="litres",
        gauge_percent="gauge_percent", wished_from="wished_from", wished_until="wished_until", shown_eur="shown_eur",
        state="state", phone="phone", note="note", by="ordered_by_id",
    )  # fmt: skip
    masked = [row if row["by"] == user.pk else row | {"phone": "", "note": ""} for row in rows]
    return [row | {"by": _who(row["by"], user)} for row in masked]


def cylinder_orders(user: User, _places: list[Place]) -> list[Row]:
    mine = CylinderOrder.objects.filter(ordered_by=user).order_by("ordered_at")
    rows = rows_of(
        mine, key="pk", number="number", ordered_at="ordered_at", name="name", address="address", phone="phone",
        note="note", wished_from="wished_from", wished_until="wished_until", part_of_day="part_of_day",
        amount_eur="total_eur", state="state",
    )  # fmt: skip
    lines: dict[int, list[Row]] = {}
    for row in rows_of(
        CylinderLine.objects.filter(order__in=mine).order_by("pk"),
        key="order_id", number="article_number", name="name", quantity="quantity", price_eur="price_eur",
    ):  # fmt: skip
        lines.setdefault(row.pop("key"), []).append(row)
    return [row | {"lines": lines.get(row.pop("key"), [])} for row in rows]


def hand_overs(user: User, _places: list[Place]) -> list[Row]:
    return rows_of(
        HandOver.objects.filter(user=user).order_by("handed_over_at"), form="form", way="way", at="handed_over_at"
    )


def enquiries(user: User, _places: list[Place]) -> list[Row]:
    return rows_of(
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
    rows = rows_of(
        said.order_by("pk"),
        key="pk", number="enquiry__number", at="written_at", by="side", message="text", came_from="came_from",
    )  # fmt: skip
    own = Entry.Side.CUSTOMER
    who = {True: _("you"), False: _("the supplier's office")}
    return [row | {"by": who[row["by"] == own], "files": ", ".join(files.get(row.pop("key"), []))} for row in rows]


def said_to(user: User) -> "QuerySet[Entry]":
    return Entry.objects.filter(enquiry__sent_by=user).exclude(side=Entry.Side.NOTE)


SECTIONS = (
    Section("account", gettext_lazy("Your account"), of_account.account),
    Section("notices", gettext_lazy("Which messages you want"), of_account.notices),
    Section("messages", gettext_lazy("Reminders and news that were sent to you"), of_account.messages),
    Section("terms", gettext_lazy("Terms you agreed to"), of_account.terms),
    Section("devices", gettext_lazy("Signed-in devices"), of_account.devices),
    Section("browsers", gettext_lazy("Browsers you have signed in with"), of_account.browsers),
    Section("push_devices", gettext_lazy("Devices that show notifications"), of_account.push_devices),
    Section("passkeys", gettext_lazy("Your passkeys"), of_account.passkeys),
    Section("denied_sign_ins", gettext_lazy("Sign-ins you stopped: it was not you"), of_account.denied_sign_ins),
    Section("email_changes", gettext_lazy("Changes of your e-mail address"), of_account.email_changes),
    Section("supply_points", gettext_lazy("Your supply points, with your names for them"), links),
    Section("invitations", gettext_lazy("Whom you invited to a supply point, without names"), invitations),
    Section("documents", gettext_lazy("Invoices and notes, in euros"), documents),
    Section("payments", gettext_lazy("Payments that were received, in euros"), of_billing.payments),
    Section("requests", gettext_lazy("What you arranged about invoices and paying"), of_billing.requests),
    Section("billed_readings", gettext_lazy("Billed readings, in cubic metres"), billed_readings),
    Section("submitted_readings", gettext_lazy("Readings that were sent, in cubic metres"), submitted_readings),
    Section("gauge_readings", gettext_lazy("Gauges of tanks that were sent, in percent"), gauge_readings),
    Section("contracts", gettext_lazy("Contracts, prices in euros with VAT"), contracts),
    Section("contract_files", gettext_lazy("Documents of your contracts"), contract_files),
    Section("offers", gettext_lazy("Offers to renew your contracts, prices in euros with VAT"), offers),
    Section("renewals", gettext_lazy("Renewals of your contracts, prices in euros with VAT"), renewals),
    Section("deliveries", gettext_lazy("Deliveries of gas, in litres"), deliveries),
    Section("orders", gettext_lazy("Orders of gas, in litres"), orders),
    Section("cylinder_orders", gettext_lazy("Orders of cylinders, in euros"), cylinder_orders),
    Section("moves", gettext_lazy("Hand-overs of supply points that you announced"), of_moving.moves),
    Section("taken_over", gettext_lazy("Hand-overs in which you take a supply point over"), of_moving.taken_over),
    Section("web_forms", gettext_lazy("When you were led to a web form of the supplier"), hand_overs),
    Section("enquiries", gettext_lazy("Your messages to support"), enquiries),
    Section("enquiry_messages", gettext_lazy("What you and support wrote"), enquiry_messages),
    Section("link_attempts", gettext_lazy("Your tries to link a supply point"), attempts),
    Section("access_log", gettext_lazy("Who looked at your data or changed it"), of_account.events),
)
"""In the order of the readable page. A room that keeps something new of a person adds its section here; a test asks."""


def own_places(user: User) -> list[Place]:
    """Return the places the person holds: what others share with them is those people's data."""
    return [place for place in places_of(user.pk) if not place.is_shared]


def _who(user_id: int, user: User) -> str:
    return _("you") if user_id == user.pk else _("another person")
