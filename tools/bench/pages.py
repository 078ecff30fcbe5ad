"""Databases, readers and pages of the benchmarks."""

import gzip
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mojplin.domain.accounts.models import Session, User
from mojplin.domain.accounts.sessions import start_session
from mojplin.domain.linking.models import Link
from mojplin.domain.supply.models import PayerPeriod
from tools.bench import dataset

SUBMITTERS = 5_000
"""How many customers take turns in sending a reading, each of their own place: more than are sent, so that hardly anybody
sends the reading of a month again and again."""
WRITTEN_AT_ONCE = 5_000
CSRF = "benchbenchbenchbenchbenchbench32"
PAYERS_PER_DOCUMENT, READINGS_PER_DOCUMENT = 0.1, 5


@dataclass(frozen=True)
class Reader:
    """Signed-in users with one place each: whom the load pretends to be."""

    payer_id: int
    secret: str
    documents_path: str
    home_path: str
    consumption_path: str
    submit_path: str
    submitters_secrets: list[str]

    @property
    def headers(self) -> dict[str, str]:
        return headers_with(self.secret)

    @property
    def submit_script(self) -> str:
        """Every request is another customer's and sends its own form key, as a person's browser would."""
        body = f"csrfmiddlewaretoken={CSRF}&typed=5060&form_key="
        cookies = ", ".join(f'"{cookies_with(secret)}"' for secret in self.submitters_secrets)
        return f"""
            local n = 0
            local cookies = {{{cookies}}}
            local run = tostring(os.time()) .. tostring(math.random(1e9))
            request = function()
              n = n + 1
              return wrk.format("POST", "{self.submit_path}", {{["Content-Type"] = "application/x-www-form-urlencoded",
                ["Cookie"] = cookies[1 + n % #cookies]}}, "{body}" .. run .. n)
            end
        """


def cookies_with(secret: str) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={secret}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def headers_with(secret: str) -> dict[str, str]:
    return {"Cookie": cookies_with(secret), "Accept-Encoding": "gzip", "User-Agent": "bench"}


def use_database(cluster: str, name: str) -> None:
    """Point this process at another database of the cluster, made when it is not there, with all tables."""
    import psycopg

    with psycopg.connect(host=cluster, user="portal", dbname="postgres", autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            admin.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)


def prepare(cluster: str, name: str, *, documents: int) -> Reader:
    use_database(cluster, name)
    dataset.fill(
        payers=int(documents * PAYERS_PER_DOCUMENT), documents=documents, readings=documents * READINGS_PER_DOCUMENT
    )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_reading (id bigserial PRIMARY KEY, number text UNIQUE, value_m3 numeric)")
    users = _link_everybody()
    return Reader(
        payer_id=PayerPeriod.objects.get(payer__links__user=users[0]).payer_id,
        secret=_session_of(users[0]),
        documents_path=reverse("web:documents"),
        home_path=reverse("web:home"),
        consumption_path=reverse("web:consumption"),
        submit_path=reverse("web:readings"),
        submitters_secrets=[_session_of(user) for user in users[1 : 1 + SUBMITTERS]],
    )


def _link_everybody() -> list[User]:
    """Make a user with a link for every payer, as in a portal that everybody uses, and return them in that order."""
    now = timezone.now()
    periods = list(PayerPeriod.objects.order_by("payer_id"))
    names = [f"payer{period.payer_id}" for period in periods]
    users = User.objects.bulk_create(
        [User(username=name, username_key=name, email=f"{name}@example.si", registered_at=now) for name in names],
        batch_size=WRITTEN_AT_ONCE,
    )
    Link.objects.bulk_create(
        [
            Link(
                user=user, payer_id=period.payer_id, supply_point_id=period.supply_point_id, name="Dom", created_at=now
            )
            for user, period in zip(users, periods, strict=True)
        ],
        batch_size=WRITTEN_AT_ONCE,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user, linking_link")
    return users


def _session_of(user: User) -> str:
    return start_session(user=user, device="bench", ip=None, now=timezone.now())


def open_the_page(cluster: str) -> None:
    """Let the sessions of the large database look as if each had asked for the page with the form a moment ago."""
    use_database(cluster, "large")
    Session.objects.update(last_seen_at=timezone.now())


def collect_static() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def statements_and_weight(cluster: str, reader: Reader) -> dict[str, Any]:
    """Return the SQL statements of each page and the bytes of a first view (gzip)."""
    use_database(cluster, "large")
    browser = Client(headers={"Accept-Encoding": "gzip", "host": "127.0.0.1"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = reader.secret
    figures: dict[str, Any] = {}
    for name, path in (("documents", reader.documents_path), ("home", reader.home_path)):
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            page = browser.get(path)
        figures[f"sql_{name}"] = len(captured)
        assert page.status_code == 200, page.status_code
        html = gzip.decompress(page.content) if page.headers.get("Content-Encoding") == "gzip" else page.content
        if name == "home":
            figures |= _weight(html.decode(), browser)
    browser.cookies[settings.SESSION_COOKIE_NAME] = reader.submitters_secrets[0]
    with CaptureQueriesContext(connection) as captured:
        sent = browser.post(reader.submit_path, {"typed": "5060", "form_key": "bench-statements"})
    assert sent.status_code == 302, sent.status_code
    figures["sql_submit"] = len([each for each in captured if each["sql"] not in ("BEGIN", "COMMIT")])
    return figures


LOADED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script[^>]* src)="([^"]+)"')
"""What a browser loads with a page; the icon for a phone's home screen and the manifest come only where it asks for them."""


def _weight(html: str, browser: Client) -> dict[str, Any]:
    assets = sorted(set(LOADED.findall(html)))
    kilobytes = {"css": 0.0, "js": 0.0, "svg": 0.0}
    for path in assets:
        kilobytes[path.rsplit(".", 1)[1]] += len(gzip.compress(_content(path, browser), 9)) / 1024
    html_kb = len(gzip.compress(html.encode(), 6)) / 1024
    return {
        "html_kb": html_kb,
        "css_kb": kilobytes["css"],
        "js_kb": kilobytes["js"],
        "first_view_kb": html_kb + sum(kilobytes.values()),
        "requests": 1 + len(assets),
    }


def _content(path: str, browser: Client) -> bytes:
    if path.startswith(settings.STATIC_URL):
        return (settings.STATIC_ROOT / path.removeprefix(settings.STATIC_URL)).read_bytes()  # type: ignore[no-any-return]
    answer = browser.get(path, headers={"Accept-Encoding": ""})  # the supplier's own colours and mark
    assert answer.status_code == 200, path
    return bytes(answer.content)
