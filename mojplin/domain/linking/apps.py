from django.apps import AppConfig


class LinkingConfig(AppConfig):
    name = "mojplin.domain.linking"
    label = "linking"

    def ready(self) -> None:
        from mojplin.domain.linking import (  # noqa: F401  # register their deliverers and chores
            alarm,
            closing,
            codes,
            ending,
            notices,
            recheck_mails,
            rest_of_readings,
            sharing,
        )
