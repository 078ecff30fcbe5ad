"""A request that dies: python -m tests.web.killed_browser MOMENT ADDRESS COOKIE, run with `kill_settings`.

It presses the button of a mailed link in the browser that holds the cookie. At MOMENT ("approved": confirmed, no
session yet; "finished": the session is born, the answer not sent) the process is killed as by a power cut.
"""

import os
import signal
import sys

import django


def main(moment: str, address: str, cookie: str) -> None:
    django.setup()
    from django.conf import settings
    from django.test import Client

    from mojplin.interfaces.web import sign_in

    finish = sign_in.finish_sign_in

    def dies(**known: object) -> object:
        if moment == "finished":
            finish(**known)
        os.kill(os.getpid(), signal.SIGKILL)

    sign_in.finish_sign_in = dies
    browser = Client(SERVER_NAME="127.0.0.1", headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0"})
    browser.cookies[settings.SIGN_IN_COOKIE_NAME] = cookie
    browser.post(address)
    sys.exit("was not killed")


if __name__ == "__main__":
    main(*sys.argv[1:])
