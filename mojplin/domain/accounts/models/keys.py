"""Second proofs of who one is, beside the password and the mailbox: passkeys, an app with codes, codes on paper."""

from django.db import models
from django.db.models import Q

from mojplin.domain.accounts.models.getting_in import Session
from mojplin.domain.accounts.models.people import User
from mojplin.foundation.public_ids import new_public_id


class Passkey(models.Model):
    """A key that a device of the user keeps; proves who they are before a sensitive step, staff also after signing in.

    It never stands instead of the mail.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True)
    """As the device calls it, in base64url."""
    public_key = models.BinaryField()
    sign_count = models.PositiveBigIntegerField()
    """Of the last use; a key that counts and comes with no higher one has been copied."""
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)


class PasskeyChallenge(models.Model):
    """What a key must sign: for one session and one purpose, used up by the first answer."""

    class Purpose(models.TextChoices):
        ADD = "add"
        CONFIRM = "confirm"

    session = models.ForeignKey(Session, models.CASCADE, related_name="passkey_challenges")
    purpose = models.CharField(max_length=7, choices=Purpose)
    challenge = models.CharField(max_length=90)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_passkey_challenge", fields=["session", "purpose"])]


class RecoveryCode(models.Model):
    """One of ten codes a user keeps on paper, each good once; only its hash is here."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    salt = models.CharField(max_length=32)
    """The same for the ten made together, so that one hash finds the code."""
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="recovery_code_once", fields=["user", "code_hash"])]


class AuthenticatorApp(models.Model):
    """An app on a phone that shows a code of six digits for each half minute (TOTP): the second factor of staff.

    A person has one that counts. One that waits for its first code belongs to the session that sees its secret.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="authenticator_apps")
    session = models.OneToOneField(Session, models.CASCADE, related_name="waiting_app", null=True)
    secret_encrypted = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True)
    """When its first code was typed; until then it counts for nothing."""
    used_step = models.BigIntegerField(default=0)
    """Half minutes since the epoch of the latest code that was taken: that one and earlier ones are used up."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_app_counts", fields=["user"], condition=Q(proven_at__isnull=False)),
            models.CheckConstraint(
                name="waiting_app_has_its_session",
                condition=Q(proven_at=None, session__isnull=False) | Q(proven_at__isnull=False, session=None),
            ),
        ]
