"""The back office, under one address; whoever is not staff finds nothing there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from mojplin.interfaces.staff import (
    addresses,
    audit,
    customers,
    links,
    office,
    people,
    search,
    second_factor,
    seen,
    terms,
)

app_name = "staff"
urlpatterns = [
    path("", office.office, name="office"),
    path(_("customers/"), search.search, name="search"),
    path(_("customers/payer/<str:number>/"), customers.payer, name="payer"),
    path(_("customers/document/<str:document>/"), customers.payer_document, name="payer_document"),
    path(_("customers/reading/<str:reading>/photo.jpg"), customers.payer_photo, name="payer_photo"),
    path(_("customers/account/<str:account>/"), customers.account, name="account"),
    path(_("customers/account/<str:account>/view/"), seen.customer_view, name="customer_view"),
    path(_("customers/account/<str:account>/view/<path:shown>"), seen.customer_view, name="customer_page"),
    path(_("customers/account/<str:account>/sign-out/"), customers.sign_out_account, name="sign_out_account"),
    path(_("second-factor/"), second_factor.second_factor, name="second_factor"),
    path(_("second-factor/passkey/"), second_factor.second_factor_passkey, name="second_factor_passkey"),
    path(_("second-factor/options/"), second_factor.second_factor_options, name="second_factor_options"),
    path(_("my-sign-in/"), second_factor.own_sign_in, name="own_sign_in"),
    path(_("my-sign-in/app/"), second_factor.another_app, name="another_app"),
    path(_("my-sign-in/codes/"), second_factor.paper_codes, name="paper_codes"),
    path(_("log/"), audit.audit, name="audit"),
    path(_("people/"), people.people, name="people"),
    path(_("people/<str:person>/role/"), people.change_role, name="change_role"),
    path(_("people/<str:person>/second-factor/"), people.reset_second_factor, name="reset_second_factor"),
    path(_("people/invitation/<str:invitation>/"), people.end_invitation, name="end_invitation"),
    path(_("exports/<int:run>/"), office.export, name="export"),
    path(_("terms/"), terms.terms, name="terms"),
    path(_("terms/draft/"), terms.terms_draft, name="terms_draft"),
    path(_("terms/draft/text/"), terms.terms_text, name="terms_text"),
    path(_("terms/draft/validity/"), terms.terms_validity, name="terms_validity"),
    path(_("terms/draft/discard/"), terms.terms_discard, name="terms_discard"),
    path(_("terms/draft/publish/"), terms.terms_publish, name="terms_publish"),
    path(_("addresses/"), addresses.addresses, name="addresses"),
    path(_("addresses/<str:proposal>/"), addresses.decide_address, name="decide_address"),
    path(_("links/"), links.links, name="links"),
    path(_("links/payer/<str:number>/"), links.payer_links, name="payer_links"),
    path(_("links/payer/<str:number>/propose/"), links.propose, name="propose_link"),
    path(_("links/payer/<str:number>/reopen/"), links.reopen, name="reopen_links"),
    path(_("links/payer/<str:number>/letter/"), links.letter, name="link_letter"),
    path(_("links/proposal/<str:proposal>/"), links.decide_proposal, name="decide_link"),
    path(_("links/<str:link>/end/"), links.end_link, name="end_link"),
]
