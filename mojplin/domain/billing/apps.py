from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "mojplin.domain.billing"
    label = "billing"

    def ready(self) -> None:
        from mojplin.domain.accounts.notices import Topic, register

        register(
            Topic(
                code="payer_request",
                label=_("Confirmation of what you arranged about invoices and paying"),
                hint=_("So that you have it in writing, and notice when somebody else did it."),
                is_required=True,
            )
        )
