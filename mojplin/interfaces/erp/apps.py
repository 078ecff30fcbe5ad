from django.apps import AppConfig


class ErpConfig(AppConfig):
    name = "mojplin.interfaces.erp"
    label = "erp"

    def ready(self) -> None:
        from mojplin.interfaces.erp import delivery  # noqa: F401  # registers the deliverer of "erp." messages
