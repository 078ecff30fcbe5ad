"""Tests whose clock stands, over one scene: it is set once for all tests of a case."""

from datetime import datetime

import time_machine
from django.http import HttpResponse

from tests.cast import PortalTestCase


class StandingCase(PortalTestCase):
    """A case at the moment `at`; what `given_everything` keeps on itself, every test of the case finds."""

    at: datetime

    @classmethod
    def setUpTestData(cls) -> None:
        with time_machine.travel(cls.at, tick=False):
            scenes = cls()
            scenes.given_everything()
        for name, value in vars(scenes).items():
            if not name.startswith("_"):
                setattr(cls, name, value)

    def given_everything(self) -> None:
        self.given_cast()

    def setUp(self) -> None:
        clock = time_machine.travel(self.at, tick=False)
        clock.start()
        self.addCleanup(clock.stop)


def words(response: HttpResponse) -> str:
    """Return a page as it is read: with spaces where lines do not break."""
    return response.content.decode().replace("\xa0", " ")
