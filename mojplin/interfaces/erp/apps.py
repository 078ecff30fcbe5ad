from django.apps import AppConfig


class ErpConfig(AppConfig):
    name = "mojplin.interfaces.erp"
    label = "erp"
