"""Versions of the general terms, the draft of the next one, and the evidence that they were accepted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.models.people import User
from mojplin.foundation.append_only import AppendOnly

KEEP_VERSIONS_MONTHS = 1200
"""Versions stay: whoever agreed to one may read it at any time."""
KEEP_ACCEPTANCES_MONTHS = 60
"""Claims from a contract lapse after five years."""


class Acceptors(models.TextChoices):
    """Who must agree to a version before going on."""

    EVERYONE = "everyone", _("Everyone at the next sign-in")
    NEW_USERS = "new_users", _("New users only")


class TermsVersion(models.Model):
    """One published version of the general terms; the database refuses to change or delete it."""

    version = models.PositiveIntegerField(unique=True)
    effective_on = models.DateField()
    acceptors = models.CharField(max_length=9, choices=Acceptors)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    """None: shipped with the portal and published by a command."""
    text_hash = models.CharField(max_length=64)
    """SHA-256 of the Slovene text, a zero byte, and the English text."""
    summary_sl = models.TextField()
    """What has changed, in a few sentences; empty for the first version."""
    summary_en = models.TextField()
    text_sl = models.TextField()
    """In Markdown, as `text_en`."""
    text_en = models.TextField()

    class Meta:
        indexes = [models.Index(name="terms_to_accept", fields=["acceptors", "effective_on", "version"])]
        constraints = [AppendOnly(name="terms_versions_stay", instant="published_at", months=KEEP_VERSIONS_MONTHS)]

    def text(self, language: str) -> str:
        return self.text_en if language == "en" else self.text_sl

    def summary(self, language: str) -> str:
        return self.summary_en if language == "en" else self.summary_sl


class TermsDraft(models.Model):
    """The draft of the next version; at most one, because its number is the next."""

    version = models.PositiveIntegerField(unique=True)
    revision = models.PositiveIntegerField(default=1)
    """Counted up by each save: whoever saves or publishes says which one they had before their eyes."""
    text_sl = models.TextField()
    text_en = models.TextField()
    summary_sl = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    effective_on = models.DateField(null=True)
    acceptors = models.CharField(max_length=9, choices=Acceptors, default=Acceptors.EVERYONE)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()


class TermsAcceptance(models.Model):
    """Evidence that a user agreed: to which text, when, and what stood beside the box; the database keeps it so."""

    user = models.ForeignKey(User, models.PROTECT, related_name="acceptances")
    terms = models.ForeignKey(TermsVersion, models.PROTECT, related_name="acceptances")
    text_hash = models.CharField(max_length=64)
    label = models.TextField()
    language = models.CharField(max_length=2)
    accepted_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="terms_accepted_once", fields=["user", "terms"]),
            AppendOnly(
                name="terms_acceptances_stay",
                instant="accepted_at",
                months=KEEP_ACCEPTANCES_MONTHS,
                may_be_emptied=["ip"],
            ),
        ]
