"""Who may sign in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mojplin.foundation.folding import folded_text
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

    class Theme(models.TextChoices):
        AUTO = "auto", _("As on the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Role(models.TextChoices):
        """What the person is to the supplier; each role of staff may do what those before it may."""

        CUSTOMER = "customer", _("Customer")
        READER = "reader", _("Reader")
        CLERK = "clerk", _("Clerk")
        ADMIN = "admin", _("Administrator")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id)
    username = models.CharField(max_length=30)
    username_key = models.CharField(max_length=60, unique=True)
    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=60, blank=True)
    """How the portal and its mails address the person, through `addressed_as`."""
    contact_phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.SLOVENE)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(default=True)
    role = models.CharField(max_length=8, choices=Role, default=Role.CUSTOMER)
    terms_version = models.PositiveIntegerField(default=0)
    """The newest version of the general terms the person agreed to; 0 before any."""
    registered_at = models.DateTimeField()
    prove_again_since = models.DateTimeField(null=True, blank=True)
    """What the person proved before this must be proven once more: when the e-mail address last changed, or a forgotten
    password was replaced. None: neither ever happened."""
    closing_asked_at = models.DateTimeField(null=True, blank=True)
    """When its owner closed the account; it is erased 30 days later unless they keep it."""
    erasure_announced_at = models.DateTimeField(null=True, blank=True)
    """When the last reminder before erasing was posted."""
    erased_at = models.DateTimeField(null=True, blank=True)
    """Since then the row is an anonymous stub: what the supplier must keep still points at it."""

    search_text = models.GeneratedField(
        expression=folded_text("username", "email", "name"), output_field=models.TextField(), db_persist=True
    )

    USERNAME_FIELD = "username_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    terms_required: int = 0
    """The newest version of the terms that everybody must agree to by now; the session's statement sets it."""

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.username_key = self.username.casefold()
        super().save(*args, **kwargs)

    @property
    def addressed_as(self) -> str:
        """The name by which the person wants to be called; the username where they gave none."""
        return self.name or self.username

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the supplier, in any role."""
        return self.role != self.Role.CUSTOMER

    @property
    def owes_terms(self) -> bool:
        """Whether the signed-in person must agree to newer terms before going on."""
        return self.terms_version < self.terms_required

    def may_act_as(self, role: "User.Role") -> bool:
        """Return whether the person has this role or one above it."""
        order = list(self.Role)
        return order.index(self.Role(self.role)) >= order.index(role)
