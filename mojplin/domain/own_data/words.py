"""The words of the readable copy: headings of columns, and what stands for a code."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mojplin.domain.accounts.models import User
from mojplin.domain.billing.models import Document, PayerRequest
from mojplin.domain.contracts.models import ContractFile, PriceBasis
from mojplin.domain.linking.models import Invitation, Link, Role
from mojplin.domain.metering.models import BilledReading
from mojplin.domain.orders.models import GasOrder, HandOver
from mojplin.domain.support.models import Enquiry

COLUMNS: dict[str, str | Promise] = {
    "bic": _("BIC of the bank"),
    "holder": _("Holder of the account"),
    "iban": "IBAN",
    "about": _("Which"),
    "answer_by": _("Answer promised by"),
    "call_on": _("Day of the call"),
    "call_hour": _("Hour of the call"),
    "came_from": _("Sent from the address"),
    "closed_at": pgettext_lazy("enquiry", "Closed"),
    "files": _("Files"),
    "accepted_at": _("Agreed"),
    "price_basis": _("Price basis"),
    "old_email": _("Old address"),
    "new_email": _("New address"),
    "months": _("Months"),
    "last_used_at": _("Last used"),
    "icon": _("Picture"),
    "group": _("Group"),
    "file_name": _("File"),
    "done_at": _("Took effect"),
    "dated_on": _("Dated"),
    "contract": _("Contract"),
    "colour": _("Colour"),
    "asked_at": _("Asked"),
    "added_at": _("Added"),
    "amount_eur": _("Amount with VAT"),
    "at": _("When"),
    "basis": _("Billing basis"),
    "by": _("Who"),
    "closing_asked_at": _("Account closed"),
    "code": _("Code"),
    "consumption_m3": _("Usage"),
    "contact_phone": _("Phone"),
    "corrects_number": _("Corrects"),
    "delivered_on": _("Delivered"),
    "device": _("Device"),
    "document": _("Document"),
    "due_on": _("Due date"),
    "email": _("E-mail address"),
    "ended_at": pgettext_lazy("copy of data", "Ended"),
    "ends_on": _("Valid until"),
    "external_number": _("External document number"),
    "form": _("Form"),
    "gauge_percent": _("Gauge, percent"),
    "ip": _("Network address"),
    "invited_at": _("Invited"),
    "is_wanted": _("Wanted"),
    "issued_on": _("Issued"),
    "kind": _("Kind"),
    "label": _("What stood beside the box"),
    "language": _("Language"),
    "last_on": _("Last day"),
    "last_seen_at": _("Last seen"),
    "linked_at": _("Linked"),
    "litres": _("Litres"),
    "message": _("Message"),
    "meter": _("Meter"),
    "month": _("Month"),
    "name": pgettext_lazy("copy of data", "Name"),
    "net_eur": _("Amount without VAT"),
    "note": _("Note"),
    "notice_days": _("Notice (days)"),
    "number": _("Number"),
    "open_eur": _("Still open"),
    "ordered_at": _("Ordered"),
    "outcome": _("Outcome"),
    "payer": _("Payer number"),
    "period_from": _("From"),
    "period_to": _("Up to"),
    "phone": _("Phone"),
    "photo": _("Photo of the meter"),
    "post_code": _("Post code"),
    "price_eur": _("Price"),
    "proven_again_at": _("Confirmed again"),
    "purpose": _("Purpose"),
    "read_on": _("Read on"),
    "reason": _("Reason"),
    "reference": _("Reference"),
    "registered_at": _("Registered"),
    "rental_eur_month": _("Rent a month"),
    "received_on": _("Received"),
    "role": _("Role"),
    "sent_at": _("Sent"),
    "signed_in_at": _("Signed in"),
    "starts_on": _("Valid from"),
    "state": pgettext_lazy("copy of data", "State"),
    "street": _("Street"),
    "submitted_at": _("Sent"),
    "supply_point": _("Supply point"),
    "text_sha256": _("Fingerprint of the text (SHA-256)"),
    "theme": _("Appearance"),
    "topic": pgettext_lazy("copy of data", "Topic"),
    "town": _("Town"),
    "tried_at": _("Tried"),
    "unit": _("Unit"),
    "username": _("Username"),
    "value_from_m3": _("Counter before"),
    "value_m3": _("Counter"),
    "value_to_m3": _("Counter after"),
    "vat_eur": _("VAT"),
    "version": _("Version"),
    "what": pgettext_lazy("access log", "What"),
}

CODES: dict[tuple[str, str], type[TextChoices]] = {
    ("account", "language"): User.Language,
    ("account", "theme"): User.Theme,
    ("account", "role"): User.Role,
    ("supply_points", "role"): Role,
    ("supply_points", "icon"): Link.Icon,
    ("supply_points", "colour"): Link.Colour,
    ("contracts", "price_basis"): PriceBasis,
    ("contract_files", "kind"): ContractFile.Kind,
    ("invitations", "role"): Role,
    ("invitations", "state"): Invitation.State,
    ("documents", "kind"): Document.Kind,
    ("requests", "kind"): PayerRequest.Kind,
    ("billed_readings", "basis"): BilledReading.Basis,
    ("orders", "state"): GasOrder.State,
    ("web_forms", "form"): HandOver.Form,
    ("enquiries", "kind"): Enquiry.Kind,
    ("enquiries", "topic"): Enquiry.Topic,
    ("enquiries", "state"): Enquiry.State,
}


def in_words(section: str, column: str, value: object) -> object:
    """Return what a code stands for; anything else as it is."""
    codes = CODES.get((section, column))
    if codes and value in codes.values:
        return str(codes(value).label)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return value
