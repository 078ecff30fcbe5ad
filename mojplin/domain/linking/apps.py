from django.apps import AppConfig


class LinkingConfig(AppConfig):
    name = "mojplin.domain.linking"
    label = "linking"

    def ready(self) -> None:
        from mojplin.domain.linking import alarm, closing, codes, ending, notices, recheck_mails, sharing  # noqa: F401  # register their deliverers and chores
