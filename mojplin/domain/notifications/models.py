"""What was told to whom, and what a person chose about it. Only this room writes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from mojplin.domain.linking.models import Link


class SentNotice(models.Model):
    """That a user was told of a thing: written in the transaction that hands it over, so that it is told once.

    `thing` names what and which time of it ("1203:2027-01-31:30"); `about` is what the person calls it, as a number
    of a document; `link` is the place it is about, or None.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    topic = models.CharField(max_length=40)
    thing = models.CharField(max_length=80)
    about = models.CharField(max_length=60, blank=True)
    link = models.ForeignKey(Link, models.CASCADE, related_name="+", null=True, blank=True, db_index=False)
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="told_newest", fields=["user", "-sent_at"])]
        constraints = [models.UniqueConstraint(name="told_once", fields=["user", "topic", "thing"])]


class PlaceChoice(models.Model):
    """That a user wants messages of a kind about a place though not in general, or the other way round.

    `topic` empty: none at all about that place, whatever kinds there will be. What the law requires always comes.
    """

    link = models.ForeignKey(Link, models.CASCADE, related_name="+", db_index=False)
    topic = models.CharField(max_length=40, blank=True)
    is_wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="chosen_once_at_a_place", fields=["link", "topic"]),
            models.CheckConstraint(name="all_kinds_are_only_unwanted", condition=~Q(topic="") | Q(is_wanted=False)),
        ]


class Rhythm(models.Model):
    """How often a user is written to. Without a row: at once, a mail for each kind."""

    class Often(models.TextChoices):
        AT_ONCE = "at_once"
        DAILY = "daily"
        WEEKLY = "weekly"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True)
    often = models.CharField(max_length=7, choices=Often)
    told_on = models.DateField(null=True, blank=True)
    """The day of the last mail of a day."""
    week_told_on = models.DateField(null=True, blank=True)
    """The day of the last mail of a week."""


class CalendarAddress(models.Model):
    """The private address of a user's calendar, as a hash: it is shown once, and a new one ends the former."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
