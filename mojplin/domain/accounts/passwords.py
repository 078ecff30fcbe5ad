"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB and one lane: Django's default takes 100 MiB and eight lanes for each sign-in."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1
