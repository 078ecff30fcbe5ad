"""Who may open what of the office: readers look, clerks act, administrators decide; nobody else finds it."""

from django.contrib.auth.models import AnonymousUser
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
            assert not self.opens(AnonymousUser(), role)

    def test_only_customers_are_not_staff(self):
        assert [User(role=role).is_staff for role in RANKS] == [False, True, True, True]

    def test_the_header_says_that_this_is_the_office_and_who_is_in_it(self):
        page = Customer("Nika", role="clerk").opens("/urad/").content.decode()
        for text in ("topbar--staff", "Zaposleni", "Nika, podpora", "Meni za zaposlene", 'aria-current="page"'):
            assert text in page
