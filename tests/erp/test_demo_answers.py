"""The invented supplier of a demo answers those who try it, within minutes."""

from datetime import timedelta

from django.utils import timezone

from mojplin.domain.contracts.models import Renewal
from mojplin.domain.orders.models import CylinderOrder, GasOrder, OrderStep
from mojplin.interfaces.erp.demo.answers import answer
from tests.cast import PortalTestCase
from tests.deals import given_cylinder_order, given_renewal


class DemoAnswers(PortalTestCase):
    def test_orders_are_planned_then_delivered_and_renewals_accepted_but_what_waited_before_is_the_offices(self):
        self.given_cast()
        now = timezone.now()
        tank = self.given_supply_point(self.anas_payer, "1042-9000", kind="bulk", tank_capacity_l=2700)
        GasOrder.objects.create(
            number="N-1", supply_point=tank, payer=self.anas_payer, ordered_by=self.ana.user, ordered_at=now,
            gauge_percent=25, phone="040 000 000",
        )  # fmt: skip
        given_cylinder_order(self.ana.user, ordered_at=now)
        waits = given_cylinder_order(self.ana.user, ordered_at=now - timedelta(days=1))
        contract = self.given_contract(self.anas_payer, self.anas_house)
        given_renewal(contract, self.ana.user, agreed_at=now, state="sent")

        def states() -> list[str]:
            orders = (GasOrder.objects.get(), *CylinderOrder.objects.order_by("-ordered_at"))
            return [each.state for each in (*orders, Renewal.objects.get())]

        for minutes, told in ((1, ["received", "received", "sent"]), (3, ["planned", "planned", "accepted"])):
            answer(now + timedelta(minutes=minutes))
            assert states() == [*told[:2], "received", told[2]]
        for _twice in range(2):
            answer(now + timedelta(minutes=6))
        assert states() == ["delivered", "delivered", "received", "accepted"]
        step = OrderStep.objects.get(order_number="N-1")
        assert (step.litres, step.gauge_percent, step.answered_by) == (1620, 85, None)
        assert not OrderStep.objects.filter(order_number=waits.number).exists()
