"""What was not delivered, in the office: by topic, sent again by a clerk, given up for good by an administrator."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.utils import translation

from mojplin.domain.accounts.models import AccessEvent
from mojplin.domain.office.topic_names import NAMES, topic_name
from mojplin.foundation.housekeeping import forget_old
from mojplin.foundation.idempotency import new_form_key
from mojplin.foundation.outbox import delivery
from mojplin.foundation.outbox.delivery import drain
from mojplin.foundation.outbox.models import Message
from mojplin.foundation.outbox.undelivered import undelivered, undelivered_topics
from tests.cast import Customer, PortalTestCase, moment

NOW = moment(2026, 11, 26)
TOPIC = "/urad/posiljanje/erp.order.placed/"


class OutgoingTests(PortalTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with time_machine.travel(NOW, tick=False):
            cls.nika, cls.tine = Customer("Nika", role="reader"), Customer("Tine", role="clerk")
            cls.dora = Customer("Dora", role="admin")

    def setUp(self) -> None:
        clock = time_machine.travel(NOW, tick=False)
        clock.start()
        self.addCleanup(clock.stop)
        self.deliverers = dict(delivery._deliverers)
        self.addCleanup(setattr, delivery, "_deliverers", self.deliverers)

    def given(self, topic: str = "erp.order.placed", *, state: str = "dead", **more: object) -> Message:
        fields = {
            "topic": topic, "state": state, "payload": {}, "created_at": NOW - timedelta(days=4), "attempts": 80,
            "next_attempt_at": NOW + timedelta(hours=1), "last_error": "given up: OSError('the share is away')",
        } | more  # fmt: skip
        return Message.objects.create(**fields)

    def states(self) -> list[str]:
        return list(Message.objects.order_by("pk").values_list("state", flat=True))

    def test_each_topic_says_what_waits_how_long_and_what_was_given_up(self):
        for state, count in (("waiting", 2), ("dead", 3), ("delivered", 1), ("dropped", 1)):
            for _each in range(count):
                self.given(state=state, delivered_at=NOW if state == "delivered" else None)
        (topic,) = undelivered_topics()
        assert (topic.name, topic.waiting, topic.dead, topic.oldest_at) == (
            "erp.order.placed", 2, 3, NOW - timedelta(days=4),
        )  # fmt: skip
        page = self.nika.opens("/urad/posiljanje/").content.decode()
        assert TOPIC in page and "4 dni" in page
        assert ">V ERP: naročila plina</a>" in page and ">erp.order.placed<" not in page
        assert "<h1>Odhodna sporočila: V ERP: naročila plina</h1>" in self.nika.opens(TOPIC).content.decode()
        assert "the share is away" in self.nika.opens(TOPIC).content.decode().replace("&#39;", "'")

    def test_a_topic_that_never_was_is_not_there_and_one_that_is_delivered_is(self):
        self.nika.opens("/urad/posiljanje/mail/")
        self.nika.opens("/urad/posiljanje/nobody/", status=404)

    def test_recipients_are_masked_also_inside_of_an_error(self):
        refused = "SMTPRecipientsRefused({'ana.novak@example.si': (450, b'later')})"
        payload = {"to": "ana.novak@example.si", "template": "accounts/mail/new_device"}
        self.given("mail", payload=payload, last_error=refused)
        page = self.nika.opens("/urad/posiljanje/mail/").content.decode()
        assert "ana.novak" not in page and "an•••••@example.si" in page and "accounts/mail/new_device" in page
        assert "450" in page

    def test_a_reader_only_looks_and_a_clerk_does_not_give_up_for_good(self):
        message = self.given()
        page = self.nika.opens(TOPIC).content.decode()
        assert "Pošljite znova" not in page and "Dokončno opustite" not in page
        self.nika.sends(f"{TOPIC}znova/", {"message": message.public_id}, status=404)
        page = self.tine.opens(TOPIC).content.decode()
        assert "Pošljite znova" in page and "Dokončno opustite" not in page
        self.tine.opens(f"/urad/posiljanje/sporocilo/{message.public_id}/opustitev/", status=404)
        assert self.states() == ["dead"]

    def test_one_message_is_sent_again_once_and_has_three_days_anew(self):
        first, _second = self.given(), self.given()
        form = {"message": first.public_id, "form_key": new_form_key()}
        for _click in range(2):
            answer = self.tine.sends(f"{TOPIC}znova/", form, status=302)
        assert "1 sporočilo se znova pošilja." in self.tine.follows(answer).content.decode()
        assert self.states() == ["waiting", "dead"]
        assert AccessEvent.objects.get(what="messages_retried").about == f"erp.order.placed: {first.public_id}"

        @delivery.deliverer("erp.order.placed")
        def away(_message: Message) -> None:
            raise ConnectionRefusedError("still away")

        drain(lambda: NOW + timedelta(hours=70))
        assert self.states() == ["waiting", "dead"]
        drain(lambda: NOW + timedelta(hours=72))
        assert self.states() == ["dead", "dead"]

    def test_all_of_a_topic_are_sent_again_and_arrive_but_not_what_is_too_old(self):
        self.given(), self.given(state="waiting"), self.given("mail")
        expired = self.given(expires_at=NOW - timedelta(minutes=1))
        taken = []
        delivery.deliverer("erp.order.placed")(lambda message: taken.append(message.pk))
        page = self.tine.follows(self.tine.sends(f"{TOPIC}znova/", status=302)).content.decode()
        assert "2 sporočili se znova pošiljata." in page and "Prepozno, da bi koristilo." in page
        drain(lambda: NOW)
        assert self.states() == ["delivered", "delivered", "dead", "dead"]
        assert len(taken) == 2 and expired.pk not in taken
        nothing = self.tine.follows(self.tine.sends(f"{TOPIC}znova/", status=302)).content.decode()
        assert "Nič ni bilo poslano znova" in nothing

    def test_an_administrator_reads_what_will_happen_and_gives_it_up_for_good(self):
        message = self.given()
        address = f"/urad/posiljanje/sporocilo/{message.public_id}/opustitev/"
        assert "ERP od portala tega ne bo izvedel" in self.dora.opens(address).content.decode()
        assert 'aria-invalid="true"' in self.dora.sends(address, {"reason": " "}, status=200).content.decode()
        self.dora.sends(address, {"reason": "Vneseno ročno."}, status=302)
        assert self.states() == ["dropped"]
        event = AccessEvent.objects.get(what="messages_dropped")
        assert (event.reason, event.by) == ("Vneseno ročno.", self.dora.user)
        assert "Vse s to vsebino je dostavljeno." in self.nika.opens(TOPIC).content.decode()
        self.tine.sends(f"{TOPIC}znova/", status=302)
        late = self.dora.sends(address, {"reason": "Še enkrat."}, status=200)
        assert "ni več med opuščenimi" in late.content.decode() and self.states() == ["dropped"]

    def test_what_was_dropped_is_kept_for_ninety_days(self):
        self.given(state="dropped", created_at=NOW - timedelta(days=90))
        forget_old(NOW)
        assert self.states() == ["dropped"]
        forget_old(NOW + timedelta(seconds=1))
        assert self.states() == []


MANY = 100_000


@pytest.mark.django_db
def test_a_hundred_thousand_messages_are_found_by_an_index_in_as_few_statements(django_assert_num_queries):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_message (public_id, topic, payload, state, created_at, next_attempt_at, attempts,"
            " last_error, delivered_at) WITH RECURSIVE many(n) AS"
            f" (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {MANY})"
            " SELECT n, CASE n % 3 WHEN 0 THEN 'mail' ELSE 'erp.order.placed' END, '{}',"
            " CASE WHEN n % 10 > 1 THEN 'delivered' WHEN n % 10 = 1 THEN 'waiting' ELSE 'dead' END, %s, %s, 1, '',"
            " CASE WHEN n % 10 > 1 THEN %s END FROM many".replace("n % ", "n %% "),
            [NOW - timedelta(hours=5), NOW, NOW],
        )
        cursor.execute("ANALYZE")
    plan = undelivered("mail", Message.State.DEAD)[:50].explain()
    assert "message_undelivered" in plan
    with time_machine.travel(NOW, tick=False):
        nika = Customer("Nika", role="reader")
        for address, statements in (("/urad/posiljanje/", 2), (TOPIC, 4), ("/urad/", 8)):
            with django_assert_num_queries(statements):
                page = nika.opens(address).content.decode()
    assert "6.667" in page and "3.333" in page


POSTED = re.compile(r'"(erp\.[a-z.]+)"')


def test_every_topic_has_a_name_for_the_office():
    sources = "".join(file.read_text(encoding="utf-8") for file in (settings.PACKAGE / "domain").rglob("*.py"))
    topics = {topic for topic in delivery._deliverers if not topic.endswith(".")} | set(POSTED.findall(sources))
    assert topics - {"erp."} == set(NAMES)
    with translation.override("sl"):
        assert len({topic_name(topic) for topic in NAMES}) == len(NAMES)
