"""The site map of the portal: addresses are English here, the catalogue gives the Slovene ones."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from mojplin.interfaces.web import (
    confirmation,
    consent,
    consumption,
    contracts,
    documents,
    home,
    linking,
    orders,
    profile,
    readings,
    registration,
    sign_in,
    support,
    terms,
)

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    # Getting in
    path(_("register/"), registration.register, name="register"),
    path(_("register/sent/"), registration.register_sent, name="register_sent"),
    path(_("register/<str:token>/"), registration.register_finish, name="register_finish"),
    path(_("sign-in/"), sign_in.sign_in, name="sign_in"),
    path(_("sign-in/wait/"), sign_in.waiting, name="waiting"),
    path(_("sign-in/state/"), sign_in.waiting_state, name="waiting_state"),
    path(_("sign-in/finish/"), sign_in.finish, name="finish"),
    path(_("sign-in/code/"), sign_in.enter_code, name="enter_code"),
    path(_("sign-in/resend/"), sign_in.resend, name="resend"),
    path(_("sign-in/confirm/<str:token>/"), confirmation.confirm, name="confirm"),
    path(_("sign-in/deny/<str:token>/"), confirmation.deny, name="deny"),
    path(_("sign-out/"), sign_in.sign_out, name="sign_out"),
    path(_("terms/"), terms.terms, name="terms"),
    path(_("terms/<int:version>/"), terms.terms_version, name="terms_version"),
    path(_("terms/<int:version>/changes/"), terms.terms_changes, name="terms_changes"),
    path(_("terms/accept/"), consent.accept_terms, name="accept_terms"),
    path(_("privacy/"), terms.privacy, name="privacy"),
    path(_("accessibility/"), terms.accessibility, name="accessibility"),
    path(_("cookies/"), terms.cookies, name="cookies"),
    path(_("profile/"), profile.profile, name="profile"),
    path(_("more/"), profile.more, name="more"),
    # Supply points
    path(_("places/"), linking.places, name="places"),
    path(_("places/link/"), linking.link, name="link"),
    path(_("places/<str:public_id>/name/"), linking.rename, name="rename"),
    # What one comes for
    path(_("consumption/"), consumption.consumption, name="consumption"),
    path(_("readings/"), readings.readings, name="readings"),
    path(_("readings/<str:public_id>/"), readings.reading_sent, name="reading_sent"),
    path(_("documents/"), documents.documents, name="documents"),
    path(_("documents/<str:public_id>/"), documents.document, name="document"),
    path(_("documents/<str:public_id>/pdf/"), documents.document_pdf, name="document_pdf"),
    path(_("documents/<str:public_id>/xml/"), documents.document_xml, name="document_xml"),
    path(_("contracts/"), contracts.contracts, name="contracts"),
    path(_("orders/"), orders.orders, name="orders"),
    path(_("orders/<str:public_id>/"), orders.order_sent, name="order_sent"),
    path(_("orders/form/<str:form>/"), orders.hand_over, name="hand_over"),
    path(_("support/"), support.support, name="support"),
    path(_("support/<str:public_id>/"), support.enquiry_sent, name="enquiry_sent"),
]
