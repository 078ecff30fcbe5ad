from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    name = "mojplin.domain.support"
    label = "support"

    def ready(self) -> None:
        from mojplin.domain.accounts.notices import Topic, register
        from mojplin.domain.support import files, telling  # noqa: F401  # register their chores and deliverers

        register(
            Topic(
                code="enquiry_received",
                label=_("Confirmation that we have your message to support"),
                hint=_("The answer is a message of its own."),
            )
        )
