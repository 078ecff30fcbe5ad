from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mojplin.domain.accounts"
    label = "accounts"

    def ready(self) -> None:
        from mojplin.domain.accounts import mails  # noqa: F401  # registers its deliverers
