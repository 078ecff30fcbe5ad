"""What stands in the outbox, in the words of the office; topics themselves are names for programmers and the ERP."""

from django.utils.translation import gettext as translated
from django.utils.translation import gettext_noop as _

NAMES = {
    "mail": _("Mails"),
    "sign_in_mail": _("Mails to confirm a sign-in"),
    "registration_mail": _("Mails to confirm a registration"),
    "forgotten_password": _("Mails for a new password"),
    "forgotten_username": _("Mails with a forgotten username"),
    "email_change": _("Mails to confirm a new e-mail address"),
    "email_changed": _("Mails to the former e-mail address"),
    "terms_copy": _("Mails with the accepted terms"),
    "office_invitation": _("Invitations to the office"),
    "invitation_mail": _("Invitations to look at a supply point"),
    "link_notice_mail": _("Mails that a supply point was linked"),
    "link_code_mail": _("Mails with a code for linking"),
    "move_taker_mail": _("Mails to whoever takes a supply point over"),
    "move_giver_mail": _("Mails to whoever hands a supply point over"),
    "notice_mail": _("Reminders and news by mail"),
    "notice_push": _("Reminders and news as notifications"),
    "notices_news": _("Looking for news to tell"),
    "enquiry_received": _("Confirmations of enquiries"),
    "enquiry_not_taken": _("Mails that an answer could not be taken"),
    "readings_rest": _("Submitting the rest of many readings"),
    "data_export": _("Making copies of one's data"),
    "document_archive": _("Making archives of documents"),
    "account_erased": _("Writing down erased accounts"),
    "erp.cylinders.ordered": _("To the ERP: orders of cylinders"),
    "erp.enquiry.received": _("To the ERP: enquiries"),
    "erp.gauge.submitted": _("To the ERP: gauges of tanks"),
    "erp.link.created": _("To the ERP: linked supply points, for the line on the invoice"),
    "erp.meter.exchanged": _("To the ERP: exchanged meters"),
    "erp.move.agreed": _("To the ERP: hand-overs of supply points"),
    "erp.move.answered": _("To the ERP: answers to hand-overs"),
    "erp.order.answered": _("To the ERP: answers to gas orders"),
    "erp.order.cancelled": _("To the ERP: cancelled gas orders"),
    "erp.order.placed": _("To the ERP: gas orders"),
    "erp.reading.judged": _("To the ERP: judged readings"),
    "erp.reading.photographed": _("To the ERP: photos of readings"),
    "erp.reading.submitted": _("To the ERP: readings"),
    "erp.renewal.agreed": _("To the ERP: renewals of contracts"),
    "erp.renewal.answered": _("To the ERP: answers to renewals"),
    "erp.renewal.withdrawn": _("To the ERP: withdrawn renewals"),
    "erp.request.answered": _("To the ERP: answers to requests on invoices and paying"),
    "erp.request.made": _("To the ERP: requests on invoices and paying"),
    "erp.request.withdrawn": _("To the ERP: withdrawn requests on invoices and paying"),
}


def topic_name(topic: str) -> str:
    """Return the topic in the language of the page; one that nobody has named yet stands as it is."""
    return translated(NAMES[topic]) if topic in NAMES else topic
