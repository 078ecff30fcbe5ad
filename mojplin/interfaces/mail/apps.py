from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "mojplin.interfaces.mail"
    label = "mail_in"
