"""Users and how they get in: registration, sign-in confirmed by mail, sessions, terms and their acceptance."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mojplin.foundation.public_ids import new_public_id


class UserManager(BaseUserManager["User"]):
    def by_username_or_email(self, typed: str) -> "User | None":
        """Return the active user whose username or e-mail was typed, in any case of letters."""
        typed = typed.strip().casefold()
        return self.filter(Q(username_key=typed) | Q(email=typed), is_active=True).first()


class User(AbstractBaseUser):
    """A person who may sign in. `email` is stored folded; `username_key` is the username folded for comparison."""

    class Language(models.TextChoices):
        SLOVENE = "sl", _("Slovene")
        ENGLISH = "en", _("English")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    username = models.CharField(max_length=30)
    username_key = models.CharField(max_length=60, unique=True)
    email = models.CharField(max_length=254, unique=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.SLOVENE)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    USERNAME_FIELD = "username_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.username_key = self.username.casefold()
        super().save(*args, **kwargs)


class Registration(models.Model):
    """An e-mail address that asked to register; the mailed link opens the second step."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    email = models.CharField(max_length=254, db_index=True)
    language = models.CharField(max_length=2, choices=User.Language)
    token_hash = models.CharField(max_length=64, unique=True)
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
    browser_hash = models.CharField(max_length=64, unique=True)
    """Hash of the secret in the cookie of the browser that typed the password."""
    number = models.CharField(max_length=2)
    """Two digits, shown on the waiting tab only."""
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    wrong_numbers = models.PositiveSmallIntegerField(default=0)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    mails_asked = models.PositiveSmallIntegerField(default=1)
    last_mail_asked_at = models.DateTimeField()
    next_path = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=80)
    ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SignInToken(models.Model):
    """What one confirmation mail carries, hashed: a link (256 bit) and a code to type (40 bit)."""

    pending = models.ForeignKey(PendingLogin, models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    """When the mail server took the mail over; ten minutes count from here."""


class Session(models.Model):
    """A signed-in browser; the cookie's secret is kept as a hash."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    key_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=80)
    ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()


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
