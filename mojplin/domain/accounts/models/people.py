"""Who may sign in."""

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
