"""What customers order, and what the supplier says of it."""

from mojplin.domain.orders.models.from_erp import Article, OrderStep
from mojplin.domain.orders.models.placed import CylinderLine, CylinderOrder, GasOrder, HandOver

__all__ = ["Article", "CylinderLine", "CylinderOrder", "GasOrder", "HandOver", "OrderStep"]
