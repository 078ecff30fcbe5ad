from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mojplin.domain.accounts"
    label = "accounts"

    def ready(self) -> None:
        from mojplin.domain.accounts import mails, terms_mails  # noqa: F401  # register their deliverers
