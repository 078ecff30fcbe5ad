from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeteringConfig(AppConfig):
    name = "mojplin.domain.metering"
    label = "metering"

    def ready(self) -> None:
        from mojplin.domain.accounts.notices import Topic, register
        from mojplin.domain.metering import drafts, homes_alike, photos  # noqa: F401  # register their chores

        register(
            Topic(
                code="reading_received",
                label=_("Confirmation that we have your meter reading"),
                hint=_("You always see it in the portal, too."),
            )
        )
