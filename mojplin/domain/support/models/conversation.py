"""Enquiries of customers to the supplier's office, what both sides said, and the files that came with it."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mojplin.domain.supply.models import Payer, SupplyPoint
from mojplin.foundation.public_ids import new_public_id

LONGEST_TEXT = 5000


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def waiting(self) -> Self:
        """Those whose next word is the office's."""
        return self.filter(state=Enquiry.State.SENT)

    def overdue(self, today: date) -> Self:
        """Those whose promised day has passed without an answer."""
        return self.waiting().filter(promised_on__lt=today)

    def due_first(self) -> Self:
        """What waits by its promised day, so the overdue come first; then the rest, newest first."""
        waits = models.Case(models.When(state=Enquiry.State.SENT, then=0), default=1)
        due = models.Case(models.When(state=Enquiry.State.SENT, then="promised_on"))
        return self.order_by(waits, due, models.F("last_at").desc(), "-pk")

    def unassigned(self) -> Self:
        return self.filter(assigned_to=None)

    def assigned(self, member: object) -> Self:
        return self.filter(assigned_to=member)

    def newest_first(self) -> Self:
        return self.order_by("-last_at", "-pk")

    def with_first_words(self) -> Self:
        """Each with `first_words`: what the customer began with."""
        entries = Entry.objects.filter(enquiry=models.OuterRef("pk")).order_by("pk")
        return self.annotate(first_words=models.Subquery(entries.values("text")[:1]))


class Enquiry(models.Model):
    """What a customer asks of the office; `number` is what both sides call it, `entries` are what was said."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        COMPLAINT = "complaint", _("Complaint about an invoice")
        CALL = "call", _("Call wished for")

    class Topic(models.TextChoices):
        BILLING = "billing", _("Invoice or payment")
        READING = "reading", _("Meter reading or estimated billing")
        CONTRACT = "contract", _("Contract")
        ORDER = "order", _("Gas or cylinder order")
        MOVING = "moving", _("Moving out, or taking a place over")
        FAULT = "fault", _("Fault or service")
        PORTAL = "portal", _("Using the portal")
        OTHER = "other", _("Something else")

    class About(models.TextChoices):
        """What in particular it is about; the page of the thing is looked up by its public id."""

        DOCUMENT = "document", _("Invoice or note")
        READING = "reading", _("Meter reading")
        ORDER = "order", _("Order")

    class State(models.TextChoices):
        SENT = "sent", _("Waiting for an answer")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", pgettext_lazy("enquiry", "Closed")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.QUESTION)
    topic = models.CharField(max_length=8, choices=Topic)
    supply_point = models.ForeignKey(SupplyPoint, models.PROTECT, related_name="enquiries", null=True, blank=True)
    payer = models.ForeignKey(Payer, models.PROTECT, related_name="enquiries", null=True, blank=True)
    """In whose name the customer wrote about that supply point or document."""
    about_kind = models.CharField(max_length=8, choices=About, blank=True)
    about_id = models.CharField(max_length=22, blank=True)
    """Public id of the document, reading or order."""
    about_name = models.CharField(max_length=60, blank=True)
    """What both sides call it: the number of a document or order, the counter and day of a reading."""
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    promised_on = models.DateField(null=True, blank=True)
    """By the end of this day the office answers."""
    is_put_off = models.BooleanField(default=False)
    """The customer was promised an earlier day before."""
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    """Who of the office has it."""
    last_at = models.DateTimeField()
    """When somebody last said something, or closed it."""
    closed_at = models.DateTimeField(null=True, blank=True)
    call_phone = models.CharField(max_length=30, blank=True)
    call_on = models.DateField(null=True, blank=True)
    call_hour = models.PositiveSmallIntegerField(null=True, blank=True)
    """The call is wished for within this hour of that day, in Ljubljana."""

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="enquiry_of_customer", fields=["sent_by", "-last_at"]),
            models.Index(name="enquiry_waiting", fields=["promised_on"], condition=Q(state="sent")),
            models.Index(name="enquiry_newest", fields=["-last_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="enquiry_closed_with_time",
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="enquiry_call_has_an_hour",
                condition=Q(kind="call", call_on__isnull=False, call_hour__isnull=False, call_hour__lte=23)
                | (~Q(kind="call") & Q(call_on=None, call_hour=None)),
            ),
            models.CheckConstraint(
                name="enquiry_complaint_names_a_document", condition=~Q(kind="complaint") | Q(about_kind="document")
            ),
            models.CheckConstraint(
                name="enquiry_about_is_whole",
                condition=Q(about_kind="", about_id="") | (~Q(about_kind="") & ~Q(about_id="")),
            ),
        ]

    def is_overdue(self, today: date) -> bool:
        return self.state == self.State.SENT and self.promised_on is not None and self.promised_on < today


class Entry(models.Model):
    """Something said in an enquiry, in the order of its keys; the first is what the customer began with."""

    class Side(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        OFFICE = "office", _("Office")
        NOTE = "note", _("Internal note")
        """Between members of the office; the customer never sees it."""

    class Way(models.TextChoices):
        PORTAL = "portal", _("In the portal")
        MAIL = "mail", _("By e-mail")

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="entries")
    side = models.CharField(max_length=8, choices=Side)
    way = models.CharField(max_length=6, choices=Way, default=Way.PORTAL)
    text = models.TextField(max_length=LONGEST_TEXT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    is_confidential = models.BooleanField(default=False)
    """The mail about it says only that there is an answer, not what it says."""
    came_from = models.CharField(max_length=254, blank=True)
    """The address a mail came from, where it is not the customer's own."""
    mail_hash = models.CharField(max_length=64, blank=True)
    """Of the mail it came by, so that the same mail twice is one entry."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="entry_once_of_a_mail", fields=["enquiry", "mail_hash"], condition=~Q(mail_hash="")
            ),
            models.CheckConstraint(
                name="entry_by_mail_has_its_hash",
                condition=Q(way="portal", mail_hash="") | Q(way="mail", side="customer"),
            ),
        ]


class Attachment(models.Model):
    """A file that came with an entry, as `foundation/uploads.py` let it in; kept in the document storage."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=100)
    """What its sender called it, with the suffix of what it is."""
    path = models.CharField(max_length=120, unique=True)
    media_type = models.CharField(max_length=20)
    size_bytes = models.PositiveIntegerField()
