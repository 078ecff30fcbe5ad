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

from mojplin.domain.accounts.models import User
from mojplin.domain.accounts.sessions import start_session
from mojplin.domain.linking.models import Link
from mojplin.domain.supply.models import PayerPeriod
from tools.bench import dataset

SUBMITTERS_PLACES = 500
CSRF = "benchbenchbenchbenchbenchbench32"
PAYERS_PER_DOCUMENT, READINGS_PER_DOCUMENT = 0.1, 5


@dataclass(frozen=True)
class Reader:
    """A signed-in user with one place: who the load pretends to be."""

    payer_id: int
    secret: str
    documents_path: str
    home_path: str
    submit_path: str
    submitters_secret: str
    submitters_places: list[str]

    @property
    def headers(self) -> dict[str, str]:
        return headers_with(self.secret)

    @property
    def submitters_headers(self) -> dict[str, str]:
        return headers_with(self.submitters_secret)

    @property
    def submit_script(self) -> str:
        """Every request sends its own form key, as a person's browser would."""
        body = f"csrfmiddlewaretoken={CSRF}&typed=5060&form_key="
        places = ", ".join(f'"{place}"' for place in self.submitters_places)
        return f"""
            local n = 0
            local places = {{{places}}}
            local run = tostring(os.time()) .. tostring(math.random(1e9))
            request = function()
              n = n + 1
              return wrk.format("POST", "{self.submit_path}?place=" .. places[1 + n % #places], {{["Content-Type"] = "application/x-www-form-urlencoded",
                ["Cookie"] = wrk.headers["Cookie"]}}, "{body}" .. run .. n)
            end
        """


def headers_with(secret: str) -> dict[str, str]:
    return {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={secret}; {settings.CSRF_COOKIE_NAME}={CSRF}",
        "Accept-Encoding": "gzip",
        "User-Agent": "bench",
    }


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
    periods = PayerPeriod.objects.order_by("payer_id").select_related("supply_point")
    first, others = periods[0], list(periods[1 : 1 + SUBMITTERS_PLACES])
    places = [period.supply_point.public_id for period in others]
    return Reader(
        payer_id=first.payer_id,
        secret=_signed_in("reader", [first]),
        documents_path=reverse("web:documents"),
        home_path=reverse("web:home"),
        submit_path=reverse("web:readings"),
        submitters_secret=_signed_in("submitter", others),
        submitters_places=places,
    )


def _signed_in(username: str, periods: list[PayerPeriod]) -> str:
    """Make a user with links to those points and return the secret of its session."""
    now = timezone.now()
    user = User.objects.create(username=username, email=f"{username}@example.si", registered_at=now)
    for period in periods:
        Link.objects.create(
            user=user, payer_id=period.payer_id, supply_point=period.supply_point, name="Dom", created_at=now
        )
    return start_session(user=user, device="bench", ip=None, now=now)


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
    with CaptureQueriesContext(connection) as captured:
        sent = browser.post(reader.submit_path, {"typed": "5060", "form_key": "bench-statements"})
    assert sent.status_code == 302, sent.status_code
    figures["sql_submit"] = len([each for each in captured if each["sql"] not in ("BEGIN", "COMMIT")])
    return figures


def _weight(html: str, browser: Client) -> dict[str, Any]:
    assets = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html)))
    kilobytes = {"css": 0.0, "js": 0.0, "svg": 0.0}
    for path in assets:
        content = (settings.STATIC_ROOT / path.removeprefix(settings.STATIC_URL)).read_bytes()
        kilobytes[path.rsplit(".", 1)[1]] += len(gzip.compress(content, 9)) / 1024
    html_kb = len(gzip.compress(html.encode(), 6)) / 1024
    return {
        "html_kb": html_kb,
        "css_kb": kilobytes["css"],
        "js_kb": kilobytes["js"],
        "first_view_kb": html_kb + sum(kilobytes.values()),
        "requests": 1 + len(assets),
    }
