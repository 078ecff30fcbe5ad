"""The mailbox of a demo without a mail server: the mails that would have been sent, for anybody to read.

The codes of the demo's staff stand there too, so that the office can be tried without a phone.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mojplin.domain.accounts.models import AuthenticatorApp
from mojplin.domain.accounts.second_factor import STEP_SECONDS, shown_by
from mojplin.foundation.mail import DemoMail

SHOWN = 20


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    if not settings.MAIL_GOES_TO_DEMO_MAILBOX:
        raise Http404
    newest = DemoMail.objects.order_by("-sent_at", "-pk")[:SHOWN]
    mails = [
        {
            "subject": mail.subject,
            "to": mail.to,
            "sent_at": mail.sent_at,
            "paragraphs": paragraphs(mail.text),
            "attachments": mail.attachments,
        }
        for mail in newest
    ]
    now = timezone.now()
    apps = (
        AuthenticatorApp.objects.filter(proven_at__isnull=False).select_related("user").order_by("user__username_key")
    )
    codes = [(app.user.username, shown_by(app, now)) for app in apps]
    seconds_left = STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS
    return render(request, "web/mailbox.html", {"mails": mails, "codes": codes, "seconds_left": seconds_left})


def paragraphs(text: str) -> list[list[str]]:
    """Return the lines of each paragraph of a plain-text mail."""
    return [part.strip().split("\n") for part in text.split("\n\n") if part.strip()]
