from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "mojplin.domain.contracts"
    label = "contracts"

    def ready(self) -> None:
        from mojplin.domain.accounts.notices import Topic, register

        register(
            Topic(
                code="renewal",
                label=_("Confirmation of a renewed contract"),
                hint=_("The law asks for it: you have the annex and your right of withdrawal in writing."),
                is_required=True,
            )
        )
