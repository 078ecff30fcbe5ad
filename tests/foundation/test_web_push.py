"""Web push: only the browser reads the message, its service knows who sent it, and nothing else is ever written to."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import override_settings

from mojplin.foundation import web_push
from mojplin.foundation.outbox.delivery import Undeliverable
from tests.push_service import PushBrowser, claims_of, decoded, push_service

NAME = "k3mZ0iJ5q1W8eX2rT7yU4o"


def sent_to(browser: PushBrowser, status: int = 201):
    with push_service() as service:
        service.status = status
        web_push.send(browser.address, {"title": "Nov račun ali dobropis", "body": "Dom"}, name=NAME)
        return service


def test_the_stand_in_opens_the_example_of_the_standard():
    key = ec.derive_private_key(int.from_bytes(decoded("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")), web_push.CURVE)
    browser = PushBrowser(key=key, auth=decoded("BTBZMqHH6r4Tts7J_aSIgg"))
    sealed = decoded(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
        "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.opened(sealed) == b"When I grow up, I want to be a watermelon"


def test_the_browser_alone_opens_it_and_its_service_knows_the_sender():
    phone = PushBrowser()
    service = sent_to(phone)
    assert service.messages(phone) == [{"title": "Nov račun ali dobropis", "body": "Dom"}]
    _path, headers, body = service.received[0]
    assert headers["topic"] == NAME and headers["urgency"] == "normal" and headers["ttl"] == "172800"
    assert claims_of(headers["authorization"])["sub"].startswith("mailto:") and b"Dom" not in body
    with pytest.raises(InvalidTag):
        PushBrowser().opened(body)


@pytest.mark.parametrize(
    ("status", "what"),
    [
        (404, web_push.Over), (410, web_push.Over), (429, ConnectionError), (503, ConnectionError),
        (403, Undeliverable), (413, Undeliverable), (302, Undeliverable), (307, Undeliverable),
    ],
)  # fmt: skip
def test_what_a_service_answers_is_over_put_off_or_for_good_and_nobody_is_sent_on(status, what):
    with push_service() as service:
        service.status = status
        with pytest.raises(what):
            web_push.send(PushBrowser().address, {"title": "Živjo"}, name=NAME)
    assert [path for path, _headers, _body in service.received] == ["/fcm/send/phone"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/a", "https://fcm.googleapis.com:8443/a", "https://127.0.0.1/a",
        "https://[::1]/a", "https://evilfcm.googleapis.com.example/a", "https://notfcm.googleapis.co/a",
        "https://fcm.googleapis.com@10.0.0.1/a", "https://x:y@fcm.googleapis.com/a", "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/a\nHost: x", "https://fcm.googleapis.com/č", "https://fcm.googleapis.com/a#b",
        "https://fcm.googleapis.com:x/a", "https://[fcm.googleapis.com/a", "file:///etc/passwd", "",
        "//fcm.googleapis.com/a",
        "https://fcm.googleapis.com/" + "a" * 1_000,
    ],
)  # fmt: skip
def test_an_address_that_is_of_no_known_service_is_neither_taken_nor_written_to(endpoint):
    phone = PushBrowser()
    address = web_push.Address(endpoint, phone.address.p256dh, phone.address.auth)
    assert not web_push.is_usable(address)
    with push_service() as service, pytest.raises(Undeliverable):
        web_push.send(address, {}, name=NAME)
    assert service.received == []


@pytest.mark.parametrize(
    "host", ["web.push.apple.com", "updates.push.services.mozilla.com", "wns2-am3p.notify.windows.com"]
)
def test_the_services_of_all_browsers_are_known(host):
    phone = PushBrowser()
    assert web_push.is_usable(web_push.Address(f"https://{host}/a?token=b", phone.address.p256dh, phone.address.auth))


@pytest.mark.parametrize(("p256dh", "auth"), [("", ""), ("BBBB", "AAAA"), ("B" * 87, "A" * 22), ("č", "A" * 22)])
def test_keys_with_which_nothing_can_be_sealed_are_not_taken(p256dh, auth):
    assert not web_push.is_usable(web_push.Address(PushBrowser().address.endpoint, p256dh, auth))


def test_a_known_name_that_leads_into_our_own_network_is_not_followed():
    phone = PushBrowser()
    with override_settings(PUSH_SERVICES=["localhost"]), pytest.raises(Undeliverable, match="not public"):
        web_push.send(web_push.Address("https://localhost/a", phone.address.p256dh, phone.address.auth), {}, name=NAME)
