from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mojplin.domain.accounts"
    label = "accounts"

    def ready(self) -> None:
        from mojplin.domain.accounts import (  # noqa: F401  # register their deliverers and chores
            kept_forms,
            mails,
            recovery_mails,
            sign_in_health,
            terms_mails,
        )
