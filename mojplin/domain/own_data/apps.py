from django.apps import AppConfig


class OwnDataConfig(AppConfig):
    name = "mojplin.domain.own_data"
    label = "own_data"

    def ready(self) -> None:
        from mojplin.domain.own_data import chores, document_archive, erasing, export  # noqa: F401  # register chores and deliverers
