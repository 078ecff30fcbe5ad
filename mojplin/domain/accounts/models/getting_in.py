"""Registration, the sign-in confirmed by mail, and the session it leads to."""

from django.db import models

from mojplin.domain.accounts.models.people import User
from mojplin.foundation.public_ids import new_public_id


class Registration(models.Model):
    """An e-mail address that asked to register, or that was invited to the office; the link opens the second step."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    email = models.CharField(max_length=254, db_index=True)
    language = models.CharField(max_length=2, choices=User.Language)
    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=8, choices=User.Role, default=User.Role.CUSTOMER)
    """What the person becomes: a customer, or what somebody of the office invited them as."""
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class PendingLogin(models.Model):
    """A sign-in whose password was right and which waits for the button in the mail."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        USED = "used"
        DENIED = "denied"
        DEAD = "dead"

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="pending_logins")
    password_mark = models.CharField(max_length=64)
    """Of the password that was right: once it is changed, the sign-in is worth nothing."""
    renews = models.ForeignKey("Session", models.CASCADE, null=True, related_name="renewals")
    """The session whose owner confirms again that it is them; without it a new session is made."""
    browser_hash = models.CharField(max_length=64, unique=True)
    """Hash of the secret in the cookie of the browser that typed the password."""
    number = models.CharField(max_length=2)
    """Two digits, shown on the waiting tab only."""
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    wrong_numbers = models.PositiveSmallIntegerField(default=0)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    mails_asked = models.PositiveSmallIntegerField(default=1)
    last_mail_asked_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)
    """When the mail server refused the address, or the mail, for good."""
    next_path = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=80)
    ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @property
    def is_step_up(self) -> bool:
        """Whether somebody signed in confirms once more that it is them, before a sensitive step."""
        return self.renews_id is not None


class SignInToken(models.Model):
    """What one confirmation mail carries, hashed: a link (256 bit) and a code to type (40 bit)."""

    pending = models.ForeignKey(PendingLogin, models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    """When the mail server took the mail over; ten minutes count from here."""


class KnownDevice(models.Model):
    """A browser in which the user has signed in before. It opens nothing: it only has its own lockout."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_devices")
    secret_hash = models.CharField(max_length=64)
    """Of the secret in its cookie; the same for every user who signs in with this browser."""
    device = models.CharField(max_length=80)
    last_used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="known_device_once", fields=["secret_hash", "user"])]


class Lockout(models.Model):
    """Wrong passwords for one account in all unknown browsers, or in one known browser; and the pause they led to.

    A name nobody has is counted as an account, so that the answer does not tell which names there are.
    """

    key = models.CharField(max_length=80, unique=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField()
    """Of the wrong ones that count together."""
    pauses = models.PositiveSmallIntegerField(default=0)
    """How many pauses followed one another: each is twice as long as the one before."""
    paused_until = models.DateTimeField(null=True)


class DeniedSignIn(models.Model):
    """Somebody had the password, and its owner answered the mail with "It is not me"."""

    user = models.ForeignKey(User, models.CASCADE, related_name="denied_sign_ins")
    denied_at = models.DateTimeField(db_index=True)
    device = models.CharField(max_length=80)
    """Of the one who was signing in."""
    ip = models.GenericIPAddressField(null=True)


class Session(models.Model):
    """A signed-in browser; the cookie's secret is kept as a hash."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    key_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=80)
    ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    """The last time its owner proved who they are: when signing in, or again before a sensitive step."""
    second_factor_at = models.DateTimeField(null=True)
    """The last time its owner, of the staff, showed their second factor; without it the session opens nothing."""
    last_seen_at = models.DateTimeField()


class KeptForm(models.Model):
    """What a person had typed when they had to sign in or confirm again; given back to them in the same browser."""

    user = models.ForeignKey(User, models.CASCADE, related_name="kept_forms")
    browser_hash = models.CharField(max_length=64)
    """Hash of the secret in the cookie of the browser that sent the form."""
    path = models.CharField(max_length=500)
    fields_encrypted = models.TextField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_kept_form", fields=["browser_hash", "path"])]
