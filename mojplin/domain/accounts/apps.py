from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mojplin.domain.accounts"
    label = "accounts"
