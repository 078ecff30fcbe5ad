"""How passwords are kept, and which are good enough."""

from collections.abc import Sequence

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext_lazy as _

from mojplin.domain.accounts.known_passwords import is_known
from mojplin.domain.accounts.names import letters_of, names_of_portal, words_of_portal
from mojplin.foundation.errors import Refused
from mojplin.foundation.sign_forms import in_one_form
from mojplin.foundation.slots import slot

SHORTEST, LONGEST = 12, 256
LEAST_SCORE = 3
ESTIMATED_CHARACTERS = 72
"""zxcvbn grows slow with length; a good beginning is good enough."""
HASHES_AT_ONCE = 4
HASH_WAIT_SECONDS = 2.0
NAME_MIN = 4
"""Shorter names stand in many words by chance."""
CONTEXT_WORDS = (
    "moj", "butan", "plin", "propan", "butanplin", "plinohram", "jeklenka", "stevec", "racun", "ogrevanje",
    "geslo", "password", "skrivnost", "prijava", "uporabnik", "portal", "slovenija", "slovenia", "ljubljana",
    "maribor", "celje", "kranj", "koper", "kamnik", "triglav", "gorenjska", "stajerska", "primorska", "dolenjska",
    "januar", "februar", "marec", "april", "maj", "junij", "julij", "avgust", "september", "oktober", "november",
    "december", "pomlad", "poletje", "jesen", "zima", "ponedeljek", "torek", "sreda", "petek", "sobota", "nedelja",
    "ljubezen", "druzina", "sonce", "zdravo", "zivjo", "gas", "my", "admin", "qwertz", "qwerty", "abc",
)  # fmt: skip


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB and one lane: Django's default takes 100 MiB and eight lanes for each sign-in.

    At most four at once on a machine, whoever asks: more would only take its memory.

    :raises NoFreeSlot: four others kept hashing all the while.
    """

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with slot("argon2", count=HASHES_AT_ONCE, wait_seconds=HASH_WAIT_SECONDS):
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with slot("argon2", count=HASHES_AT_ONCE, wait_seconds=HASH_WAIT_SECONDS):
            return super().verify(password, encoded)


class PasswordTooShort(Refused):
    field = "password"
    message = _("The password must have at least 12 characters.")


class PasswordTooLong(Refused):
    field = "password"
    message = _("The password is too long (at most 256 characters).")


class PasswordHasName(Refused):
    field = "password"
    message = _("The password must not contain your name or the name of the portal.")


class PasswordKnown(Refused):
    field = "password"
    message = _("This password is among known stolen passwords.")


class PasswordWeak(Refused):
    field = "password"
    message = _(
        "This password is too easy to guess. Choose three or four words that have nothing to do with each other."
    )


def normalized(password: str) -> str:
    """Return the password as it is hashed, so that č typed as one sign or as two is the same."""
    return in_one_form(password, "NFC")


def check_strength(password: str, *, names: Sequence[str]) -> None:
    """Let a good password pass: long, unknown to thieves, hard to guess; no rules of composition.

    :param names: the username, the part of the e-mail before the @, and whatever else is the person's own.
    :raises Refused: one of the classes above.
    """
    if len(password) > LONGEST:
        raise PasswordTooLong
    if len(password) < SHORTEST:
        raise PasswordTooShort
    letters = letters_of(password)
    own = [letters_of(name) for name in names]
    if any(name in letters for name in (*names_of_portal(), *own) if len(name) >= NAME_MIN):
        raise PasswordHasName
    if is_known(password):
        raise PasswordKnown
    words = [*CONTEXT_WORDS, *words_of_portal(), *filter(None, own)]
    if _consists_of(letters, words):
        raise PasswordWeak
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # 11 MB of words, for who chooses a password

    if zxcvbn(password[:ESTIMATED_CHARACTERS], user_inputs=words)["score"] < LEAST_SCORE:
        raise PasswordWeak


def _consists_of(letters: str, words: Sequence[str]) -> bool:
    """Return whether the letters are nothing but these words, one after another; digits alone count as well."""
    reached = [True] + [False] * len(letters)
    for end in range(1, len(letters) + 1):
        reached[end] = any(letters.endswith(word, 0, end) and reached[end - len(word)] for word in words)
    return reached[-1]
