from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "mojplin.domain.notifications"
    label = "notifications"

    def ready(self) -> None:
        from mojplin.domain.notifications import (  # noqa: F401  # register their kinds and the job
            bills,
            contracts,
            enquiries,
            gauges,
            orders,
            readings,
            requests,
            telling,
            terms,
        )
