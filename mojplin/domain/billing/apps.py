from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "mojplin.domain.billing"
    label = "billing"
