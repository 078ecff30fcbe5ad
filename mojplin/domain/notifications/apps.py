from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "mojplin.domain.notifications"
    label = "notifications"

    def ready(self) -> None:
        from mojplin.domain.accounts.notices import register
        from mojplin.domain.notifications.bills import TOPICS

        for topic in TOPICS:
            register(topic)
