from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "mojplin.domain.notifications"
    label = "notifications"

    def ready(self) -> None:
        from mojplin.domain.accounts.notices import register
        from mojplin.domain.notifications.bills import TOPICS
        from mojplin.domain.notifications.readings import TOPIC

        for topic in (TOPIC, *TOPICS):
            register(topic)
