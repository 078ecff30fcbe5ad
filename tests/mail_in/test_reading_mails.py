"""What is read of a mail: the new words, the files, and that no mail breaks its reader or keeps it long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojplin.domain.support.by_mail import Outcome
from mojplin.interfaces.mail.letter import read
from mojplin.interfaces.mail.quotation import new_words
from tests.mail_in.letters_written import APPLE, GMAIL, HTML_ALONE, OUTLOOK, THUNDERBIRD, answer, with_file

HEAD = b"From: Ana <ana@example.si>\r\nTo: odgovori+1-ab@example.si\r\nMessage-ID: <2@example.com>\r\n"


@pytest.mark.parametrize(
    ("written", "new"),
    [
        (GMAIL, "Hvala, zdaj razumem."),
        (APPLE, "Hvala, zdaj razumem.\n\nPoslano z mojega telefona"),
        (THUNDERBIRD, "Thank you, now I see."),
        (OUTLOOK, "Hvala, zdaj razumem."),
        ("Prvo\n\nDrugo: 20. 11. sem napisala:\nštevec 1940", "Prvo\n\nDrugo: 20. 11. sem napisala:\nštevec 1940"),
        ("Od: 1. 1. do 31. 1. nisem bil doma.", "Od: 1. 1. do 31. 1. nisem bil doma."),
        ("> – – – Če odgovarjate po e-pošti\n> vse je navedeno", ""),
        ("  \n", ""),
    ],
)
def test_only_what_is_new_is_read(written, new):
    assert new_words(written) == new


@given(own=st.from_regex(r"[a-zčšž ]{1,40}", fullmatch=True), quoted=st.text(max_size=200))
def test_words_above_our_line_are_kept_and_nothing_below_it(own, quoted):
    below = "\n".join(f"> {line}" for line in quoted.splitlines())
    assert new_words(f"{own}\n\n> – – – pišite nad to črto – – –\n{below}") == own.strip() or not own.strip()


@given(st.text(max_size=400))
def test_any_text_has_new_words(text):
    assert isinstance(new_words(text), str)


def test_html_alone_is_read_as_its_words():
    mail = answer("x@example.si")
    mail.set_content(HTML_ALONE, subtype="html")
    assert read(mail.as_bytes()).text == "Hvala,\nzdaj razumem."


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        (b"utf-8", "Števec čaka".encode()),
        (b"windows-1250", "Števec čaka".encode("cp1250")),
        (b"x-unknown", "Števec čaka".encode("cp1250")),
        (b"utf-8", "Števec čaka".encode("cp1250")),
        (b"unicode_escape", "Števec čaka".encode()),
        (b"utf-8\x00", "Števec čaka".encode()),
    ],
)
def test_a_wrong_name_of_the_letters_is_no_obstacle(charset, words):
    raw = (
        HEAD + b"Content-Type: text/plain; charset=" + charset + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + words
    )
    assert read(raw).text == "Števec čaka"


def test_a_file_keeps_its_name_and_the_mark_of_a_signature_is_none():
    mail = with_file(answer("x@example.si"), b"\xff\xd8" + bytes(20_000), "Števec čez noč.jpg")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png", cid="<logo@example.com>")
    (file,) = read(mail.as_bytes()).files
    assert (file.name, len(file.content.read())) == ("Števec čez noč.jpg", 20_002)


def test_a_mail_within_the_mail_stays_closed():
    mail = answer("x@example.si", "Glejte priloženo.")
    mail.add_attachment(answer("y@example.si", "Tuje besede"))
    came = read(mail.as_bytes())
    assert came.text == "Glejte priloženo." and len(came.files) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "Auto-Generated; owner"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<seznam.example.com>"},
        {"X_Autoreply": "yes"},
        {"sender": "MAILER-DAEMON@example.com"},
        {"sender": "no-reply@example.com"},
        {"sender": "odgovori+3-abc@example.si"},
        {"sender": "obvestila@moj.example.si"},
        {"message_id": "<abc@localhost>"},
    ],
)
def test_what_a_machine_wrote_is_known(headers, settings):
    settings.DEFAULT_FROM_EMAIL, settings.BASE_URL = "Moj Butan plin <obvestila@moj.example.si>", "http://localhost:1"
    assert read(answer("x@example.si", **headers).as_bytes()).is_automatic


def test_what_a_person_wrote_is_no_machines():
    assert not read(answer("x@example.si", Auto_Submitted="no", Return_Path="<ana@example.si>").as_bytes()).is_automatic


def nested(depth: int) -> bytes:
    inner = b"Content-Type: text/plain\r\n\r\nx"
    for level in range(depth):
        mark = b"m%d" % level
        inner = b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n%s\r\n--%s--' % (mark, mark, inner, mark)
    return HEAD + inner


def many(count: int) -> bytes:
    part = b"--m\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    return HEAD + b'Content-Type: multipart/mixed; boundary="m"\r\n\r\n' + part * count + b"--m--"


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (nested(39), None),
        (nested(2_000), Outcome.UNREADABLE),
        (many(99), None),
        (many(200_000), Outcome.UNREADABLE),
        (HEAD + b"Content-Type: text/plain\r\n\r\n" + b"> a\r\n" * 2_000_000, Outcome.UNREADABLE),
        (HEAD + b"Content-Type: text/plain\r\n\r\n" + b"> a\r\n" * 200_000, None),
        (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div " * 1_000_000, None),
        (HEAD + b"To: " + b"a@b, " * 400_000 + b"\r\n\r\nx", None),
        (HEAD + b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"!" * 10_000_000, None),
        (HEAD + b"\r\n" + b"x" * (45 * 1024 * 1024), Outcome.TOO_LARGE),
        (b"", None),
        (b"\x00\xff\r\n\r\n", None),
    ],
    ids=[
        "deep",
        "deeper",
        "many",
        "more",
        "longest",
        "quoted",
        "html",
        "addresses",
        "base64",
        "large",
        "empty",
        "zeros",
    ],
)
def test_a_mail_made_to_do_harm_is_done_with_at_once(raw, fault):
    began = time.process_time()
    assert read(raw).fault == fault
    assert time.process_time() - began < 5


@given(st.binary(max_size=300), st.sampled_from([b"", HEAD, HEAD + b"Content-Type: multipart/mixed; boundary=\r\n"]))
def test_any_bytes_are_a_mail_or_a_fault(content, head):
    came = read(head + content)
    assert came.fault in (None, Outcome.UNREADABLE) and len(came.identity) == 64
