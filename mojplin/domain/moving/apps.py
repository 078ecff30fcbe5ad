from django.apps import AppConfig


class MovingConfig(AppConfig):
    name = "mojplin.domain.moving"
    label = "moving"

    def ready(self) -> None:
        from mojplin.domain.moving import ending, telling  # noqa: F401  # register their chores and deliverers
