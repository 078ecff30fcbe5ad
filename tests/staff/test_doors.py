"""Who may open what of the office: readers look, clerks act, administrators decide; nobody else finds it."""

from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from mojplin.domain.accounts.models import User
from mojplin.interfaces.staff.doors import staff_only
from tests.cast import Customer, PortalTestCase

RANKS = list(User.Role)


class RoleTests(PortalTestCase):
    def opens(self, user: object, role: User.Role) -> bool:
        @staff_only(role)
        def view(_request: HttpRequest) -> HttpResponse:
            return HttpResponse()

        request = RequestFactory().get("/")
        request.user = user
        try:
            return view(request).status_code == 200
        except Http404:
            return False

    def test_a_role_opens_its_own_pages_and_those_of_the_roles_before_it(self):
        users = {role: Customer(role.capitalize(), role=role).user for role in RANKS}
        for place, role in enumerate(RANKS[1:], start=1):
            for rank, user in enumerate(users.values()):
                with self.subTest(role=role, user=user.username):
                    assert self.opens(user, role) == (rank >= place)
            assert not self.opens(AnonymousUser(), role)  # who is led to the sign-in instead

    def test_only_customers_are_not_staff(self):
        assert [User(role=role).is_staff for role in RANKS] == [False, True, True, True]

    def test_a_registered_person_is_given_a_role_by_a_command_and_signs_in_again(self):
        nika = Customer("Nika")
        nika.opens("/urad/", status=404)
        output = StringIO()
        call_command("staff_role", "Nika@example.si", "clerk", stdout=output)
        assert "Nika is now: clerk." in output.getvalue()
        nika.opens("/", status=302)
        nika.is_signed_in()
        nika.opens("/urad/")
        call_command("staff_role", "nika@example.si", "customer", stdout=output)
        nika.is_signed_in()
        nika.opens("/urad/", status=404)

    def test_nobody_is_given_a_role_who_is_not_registered(self):
        with pytest.raises(CommandError, match=r"nihce@example\.si"):
            call_command("staff_role", "nihce@example.si", "admin")

    def test_the_header_says_that_this_is_the_office_and_who_is_in_it(self):
        page = Customer("Nika", role="clerk").opens("/urad/").content.decode()
        for text in ("topbar--staff", "Zaposleni", "Nika<", ", podpora<", "Meni za zaposlene", 'aria-current="page"'):
            assert text in page
