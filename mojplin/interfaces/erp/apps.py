from django.apps import AppConfig


class ErpConfig(AppConfig):
    name = "mojplin.interfaces.erp"
    label = "erp"

    def ready(self) -> None:
        from mojplin.interfaces.erp import (  # noqa: F401  # they register the deliverer of "erp." and a watch
            accepted,
            delivery,
        )
