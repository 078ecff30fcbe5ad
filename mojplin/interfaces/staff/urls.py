"""The back office, under one address; whoever is not staff finds nothing there."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from mojplin.interfaces.staff import addresses, links, office, terms

app_name = "staff"
urlpatterns = [
    path("", office.office, name="office"),
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
