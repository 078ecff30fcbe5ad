"""Browsers to which messages are pushed."""

from django.db import models

from mojplin.domain.accounts.models.getting_in import KnownDevice, Session
from mojplin.domain.accounts.models.people import User
from mojplin.foundation.public_ids import new_public_id


class PushDevice(models.Model):
    """A browser that shows messages as notifications, until it is signed out or its push service says that it is over.

    It outlives a session that runs out by itself: whoever comes once a month is still told. `session` is the last one
    in that browser, so that whoever ends it ends this, too; when the portal forgets the browser, this goes with it.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="push_devices")
    browser = models.OneToOneField(KnownDevice, models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, related_name="+")
    endpoint = models.CharField(max_length=1_000)
    endpoint_hash = models.CharField(max_length=64, unique=True)
    """One browser is told of one person's things: the last one's who asked for it there."""
    p256dh = models.CharField(max_length=90)
    auth = models.CharField(max_length=24)
    server_key = models.CharField(max_length=90)
    """Our public key, to which the push service holds us: with another one nothing is taken here any more."""
    added_at = models.DateTimeField()
