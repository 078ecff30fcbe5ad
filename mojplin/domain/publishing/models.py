"""What the office publishes: crisis notices above the pages, and the versions of the pages for anybody."""

from datetime import datetime
from typing import Literal, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models import User
from mojplin.foundation.append_only import AppendOnly
from mojplin.foundation.public_ids import new_public_id

NoticeState = Literal["taken_back", "over", "coming", "running"]
KEEP_PAGES_MONTHS = 1200
"""Versions stay: what stood on a page on some day can be told at any time."""


class NoticeLevel(models.TextChoices):
    INFO = "info", _("Information")
    WARNING = "warning", _("Warning")
    DANGER = "danger", _("Danger")


class CrisisNoticeQuerySet(models.QuerySet["CrisisNotice"]):
    def not_over(self, now: datetime) -> Self:
        """Return those that are shown now or will be."""
        return self.filter(taken_back_at=None, ends_at__gt=now)


class CrisisNotice(models.Model):
    """A notice above the pages, for everybody or for the municipalities named; never edited, only taken back."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    level = models.CharField(max_length=7, choices=NoticeLevel)
    municipalities = models.JSONField(default=list)
    """Names as the supply points have them; empty: for everybody, also who is not signed in."""
    title_sl = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    text_sl = models.TextField()
    """In Markdown without links, as `text_en`."""
    text_en = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = CrisisNoticeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="crisis_notice_ends", fields=["ends_at"], condition=Q(taken_back_at=None))]
        constraints = [
            models.CheckConstraint(name="crisis_notice_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="crisis_notice_taken_back_by_somebody",
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
            ),
        ]

    def state(self, now: datetime) -> NoticeState:
        if self.taken_back_at:
            return "taken_back"
        if self.ends_at <= now:
            return "over"
        return "coming" if self.starts_at > now else "running"

    def title(self, language: str) -> str:
        return self.title_en if language == "en" else self.title_sl

    def text(self, language: str) -> str:
        return self.text_en if language == "en" else self.text_sl


class PageVersion(models.Model):
    """A text of a public page that the office has published; the database refuses to change or delete it.

    Version 0 of every page is the text that comes with the portal and has no row.
    """

    name = models.CharField(max_length=20)
    """One of `public_pages.PAGES`."""
    version = models.PositiveIntegerField()
    text_sl = models.TextField()
    """In Markdown with a title on its first line, as `text_en`."""
    text_en = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="page_version_once", fields=["name", "version"]),
            AppendOnly(name="page_versions_stay", instant="published_at", months=KEEP_PAGES_MONTHS),
        ]


class PageDraft(models.Model):
    """The draft of a page's next version; at most one for each page."""

    name = models.CharField(max_length=20, unique=True)
    revision = models.PositiveIntegerField(default=1)
    """Counted up by each save: whoever saves or publishes says which one they had before their eyes."""
    text_sl = models.TextField()
    text_en = models.TextField()
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()


class InvoicePicture(models.Model):
    """A picture of the supplier's own invoice that shows where the three numbers for linking stand.

    The newest that was not taken back is shown; without any, the one that the portal draws itself.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    path = models.CharField(max_length=120, unique=True)
    """Of a JPEG in the document storage."""
    description_sl = models.CharField(max_length=300)
    """For whoever does not see the picture, as `description_en`."""
    description_en = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invoice_picture_taken_back_by_somebody",
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
            )
        ]

    def description(self, language: str) -> str:
        return self.description_en if language == "en" else self.description_sl
