"""The one page of `plainview`."""

import os

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from mojplin.domain.billing.models import Document

PAYER_ID = int(os.environ["BENCH_PAYER_ID"])
PAGE = Template(
    "<h1>{{ who }}</h1><table>{% for d in documents %}<tr><td>{{ d.number }}</td><td>{{ d.issued_on|date:'j. n. Y' }}</td>"
    "<td>{{ d.due_on|date:'j. n. Y' }}</td><td>{{ d.amount_eur|floatformat:2 }}</td></tr>{% endfor %}</table>"
)


def documents(request: HttpRequest) -> HttpResponse:
    newest = Document.objects.filter(payer_id=PAYER_ID).order_by("-issued_on", "-id")[:20]
    who = request.session.get("who", "")
    return HttpResponse(PAGE.render(Context({"documents": newest, "who": who})))


urlpatterns = [path("", documents)]
