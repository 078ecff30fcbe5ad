from django.apps import AppConfig
from django.conf import settings


class ErpConfig(AppConfig):
    name = "mojplin.interfaces.erp"
    label = "erp"

    def ready(self) -> None:
        from mojplin.interfaces.erp import (  # noqa: F401  # they register the deliverer of "erp." and a watch
            accepted,
            delivery,
        )

        if settings.DEMO:
            from mojplin.interfaces.erp.demo import answers  # noqa: F401  # it registers a watch
