"""Versions of the general terms, and the evidence that they were accepted."""

from django.db import models

from mojplin.domain.accounts.models.people import User


class TermsVersion(models.Model):
    """One published version of the general terms; never edited afterwards."""

    version = models.PositiveIntegerField(unique=True)
    effective_on = models.DateField()
    published_at = models.DateTimeField()
    text_sl = models.TextField()
    text_en = models.TextField()
    text_hash = models.CharField(max_length=64)
    """SHA-256 of the Slovene text, a zero byte, and the English text."""


class TermsAcceptance(models.Model):
    """Evidence that a user agreed: to which text, when, and what stood beside the box."""

    user = models.ForeignKey(User, models.PROTECT, related_name="acceptances")
    terms = models.ForeignKey(TermsVersion, models.PROTECT, related_name="acceptances")
    text_hash = models.CharField(max_length=64)
    label = models.TextField()
    language = models.CharField(max_length=2)
    accepted_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="terms_accepted_once", fields=["user", "terms"])]
