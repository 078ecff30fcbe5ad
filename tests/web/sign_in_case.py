"""What the tests of sign-in share: Ana with a stopped clock, her mail, her waiting tab, and a phone."""

import re
from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import translation

from mojplin.domain.accounts.models import PendingLogin
from tests.cast import PASSWORD, Customer, PortalTestCase, Visitor, moment
from tests.mailbox import link_in

AT_TEN = moment(2026, 11, 23, 10)


def address(name: str, *args: str, language: str = "sl") -> str:
    with translation.override(language):
        return reverse(f"web:{name}", args=args)


def is_in(visitor: Visitor) -> bool:
    return visitor.browser.get(address("profile")).status_code == 200


class SignInCase(PortalTestCase):
    def setUp(self) -> None:
        self.clock = time_machine.travel(AT_TEN, tick=False)
        self.traveller = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.ana = Customer("Ana", signed_in=False)
        self.phone = Visitor()

    def types_password(self, visitor: Visitor, *, identifier: str = "ana", password: str = PASSWORD, **more):
        fields = {"identifier": identifier, "password": password} | more
        return visitor.sends(address("sign_in"), fields)

    def later(self, **how_long: int) -> None:
        self.traveller.shift(timedelta(**how_long))

    def mailed_link(self) -> str:
        return link_in(self.ana.reads_mail("ana@example.si"))

    def number(self) -> str:
        page = self.ana.opens(address("waiting"))
        return re.search(r'class="paircode">(\d\d)<', page.content.decode())[1]

    def state(self) -> str:
        return PendingLogin.objects.order_by("-pk").first().state
