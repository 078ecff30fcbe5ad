"""A request that dies, in a process of its own: it presses the button of a mailed link in the browser of the cookie."""

import os
import signal

from django.conf import settings
from django.test import Client

from mojplin.interfaces.web import sign_in


def dies_at(moment: str, address: str, cookie: str) -> None:
    """Be killed as by a power cut: "approved" (confirmed, no session yet), "finished" (it is born, not answered)."""
    finish = sign_in.finish_sign_in

    def dies(**known: object) -> object:
        if moment == "finished":
            finish(**known)
        os.kill(os.getpid(), signal.SIGKILL)

    sign_in.finish_sign_in = dies
    browser = Client(SERVER_NAME="127.0.0.1", headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0"})
    browser.cookies[settings.SIGN_IN_COOKIE_NAME] = cookie
    browser.post(address)
