"""The leanest page Django can give on the same server: what it must do for a signed-in person, and twenty rows.

Session and user in one prepared statement of the driver, the rows in another; Django's middleware against forged forms,
framing and sniffing; a page of 4.5 KB from a compiled template, money and dates by formatters of its own. No models, no
layout, no places, no sums, not compressed.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import path
from jinja2 import Environment

from tools.bench.rawapp import LIST, PAYER_ID, connection

settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        f"{__name__}.with_user",
    ],
)
django.setup()

SESSION = """
SELECT s.last_seen_at, u.id, u.username, u.is_active FROM accounts_session s JOIN accounts_user u ON u.id = s.user_id
WHERE s.key_hash = %s
"""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'",
    "Cache-Control": "no-store",
}
PAGE = Environment(autoescape=True).from_string(
    """<!doctype html>
<html lang="sl"><head><meta charset="utf-8"><title>Računi</title><link rel="stylesheet" href="/portal.css"></head>
<body><header><a href="/">Domov</a> <span>{{ who }}</span></header><main><h1>Računi</h1>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{{ token }}"></form><table>
{% for number, kind, issued_on, due_on, amount, still_open in rows %}
<tr><th scope="row"><a href="/racuni/{{ number }}/">{{ kind }} {{ number }}</a></th><td>{{ issued_on }}</td>
<td>{{ due_on }}</td><td class="n">{{ amount }}</td><td class="n">{{ still_open }}</td></tr>
{% endfor %}
</table></main></body></html>"""
)


def with_user(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answered(request: HttpRequest) -> HttpResponse:
        secret = next((value for name, value in request.COOKIES.items() if name.endswith("seja")), "")
        found = connection().execute(SESSION, (hashlib.sha256(secret.encode()).hexdigest(),)).fetchone()
        if found is None:
            return HttpResponse(status=403)
        request.username = found[2]  # type: ignore[attr-defined]
        return get_response(request)

    return answered


def euros(amount: Decimal) -> str:
    return f"{amount:,.2f} €".translate({44: ".", 46: ","})


def day(value: date | None) -> str:
    return f"{value.day}. {value.month}. {value.year}" if value else ""


def documents(request: HttpRequest) -> HttpResponse:
    rows = [
        (number, kind, day(issued_on), day(due_on), euros(amount), euros(still_open))
        for number, kind, issued_on, due_on, amount, still_open in connection().execute(LIST, (PAYER_ID,)).fetchall()
    ]
    who, token = request.username, get_token(request)  # type: ignore[attr-defined]
    return HttpResponse(PAGE.render(rows=rows, who=who, token=token), headers=HEADERS)


urlpatterns = [path("", documents)]
application = get_wsgi_application()
