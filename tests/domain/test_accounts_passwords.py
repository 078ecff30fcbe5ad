"""Which passwords are good enough, and what a username and an address may look like."""

import time

import pytest

from mojplin.domain.accounts.known_passwords import DIGEST_BYTES, FILE, SortedDigests, digest, is_known
from mojplin.domain.accounts.names import BadEmail, BadUsername, UsernameLikeAddress, folded_email, good_username
from mojplin.domain.accounts.passwords import (
    PasswordHasName,
    PasswordKnown,
    PasswordTooLong,
    PasswordTooShort,
    PasswordWeak,
    PortalArgon2Hasher,
    check_strength,
    normalized,
)
from mojplin.foundation.errors import Refused

NAMES = ["Neža.K", "neza.kos"]


@pytest.mark.parametrize(
    "password",
    ["konj pipa zid oblak", "krava leti čez žico", "T7#pq-Lm2x!Zw9", "x7Kd " * 50, "пароль облако конь зима"],
)
def test_a_long_password_that_is_hard_to_guess_is_good(password):
    assert check_strength(password, names=NAMES) is None


@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("x7Kd!pq2Lm9", PasswordTooShort),
        ("x7Kd!" * 60, PasswordTooLong),
        ("1234567890qwe", PasswordKnown),
        ("MojButanPlin1", PasswordHasName),
        ("butan-plin vedno gori", PasswordHasName),
        ("danes gre NEŽA.K domov", PasswordHasName),
        ("propan-jeklenka-99", PasswordWeak),
        ("Ljubljana Slovenija 2026", PasswordWeak),
        ("999999999999", PasswordKnown),
        ("januar-februar", PasswordWeak),
        ("qwertyuiop123", PasswordKnown),
    ],
)
def test_a_bad_password_is_refused_with_its_reason(password, refusal):
    with pytest.raises(Refused) as refused:
        check_strength(password, names=NAMES)
    assert refused.type is refusal


WELL_KNOWN = ["1q2w3e4r5t6y", "123456789qwe", "administrator", "qwertyuiop123", "QwertyUIOP123", "thisisapassword"]


@pytest.mark.parametrize("password", WELL_KNOWN)
def test_passwords_thieves_have_are_known_in_any_case_of_letters(password):
    assert is_known(password)
    with pytest.raises(Refused):
        check_strength(password, names=NAMES)


def test_more_than_forty_thousand_known_passwords_are_kept_and_every_one_of_them_is_found():
    data = FILE.read_bytes()
    kept = SortedDigests(data)
    assert len(data) < 300_000
    assert len(kept) > 40_000
    everyone = [kept[index] for index in range(len(kept))]
    assert everyone == sorted(set(everyone))
    assert all(each in kept for each in everyone)
    assert len(digest("x")) == DIGEST_BYTES


def test_a_password_of_ones_own_is_not_known():
    assert not any(is_known(f"konj pipa zid oblak {number}") for number in range(1000))


def test_a_letter_typed_as_one_sign_or_two_is_the_same_password():
    assert normalized("c\u030cebela") == "čebela"


def test_hashes_take_46_mib_and_one_lane():
    assert "m=47104,t=1,p=1" in PortalArgon2Hasher().encode("konj pipa zid oblak", "somesaltsomesalt")


@pytest.mark.parametrize("typed", ["Ana", "ana.b-2", "Žiga", "Łukasz", "a" * 30, "123"])
def test_usernames_of_latin_letters_are_kept_as_typed(typed):
    assert good_username(f" {typed} ") == typed


@pytest.mark.parametrize("typed", ["ab", "ana b", "аna", "ana\u200b", "ana@b", "-ana", "αβγ", "ana\u202e"])
def test_other_usernames_are_refused(typed):
    with pytest.raises(BadUsername):
        good_username(typed)


@pytest.mark.parametrize("typed", ["zlo.com", "www.banka-si", "www.a.b", "banka.si", "Prijava.ONLINE", "ana.eu"])
def test_a_username_that_mail_programs_would_make_a_link_of_is_refused(typed):
    if typed == "www.banka-si":
        assert good_username(typed) == typed
        return
    with pytest.raises(UsernameLikeAddress):
        good_username(typed)


@pytest.mark.parametrize("typed", ["ana.novak", "Neža.K", "ana.b-2", "novak.1950", "d.o.o"])
def test_a_dot_alone_makes_no_web_address(typed):
    assert good_username(typed) == typed


def test_addresses_are_folded():
    assert folded_email("  Ana.Novak+gas@Example.SI ") == "ana.novak+gas@example.si"


@pytest.mark.parametrize(
    "typed", ["a@b", "@", "a@example..si", "a@.si", "a@example.si.", "<a@example.si>", "a@[127.0.0.1]"]
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadEmail):
        folded_email(typed)


@pytest.mark.parametrize("sign", ["e\u0301", "\U0001f600", "\uff11", "a."])
def test_a_megabyte_that_is_no_address_is_refused_without_work(sign):
    typed, began_at = f"ana@{sign * 400_000}.si", time.process_time()
    with pytest.raises(BadEmail):
        folded_email(typed)
    assert time.process_time() - began_at < 0.1
