from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "mojplin.domain.orders"
    label = "orders"

    def ready(self) -> None:
        from mojplin.domain.accounts.notices import Topic, register
        from mojplin.domain.orders import hand_over  # noqa: F401  # registers what is done by the clock

        register(
            Topic(
                code="order_received",
                label=_("Confirmation of an order"),
                hint=_("The law asks for it: you have it in writing what you ordered."),
                is_required=True,
            )
        )
