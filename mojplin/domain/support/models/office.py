"""What the office keeps ready for its answers."""

from django.conf import settings
from django.db import models

from mojplin.domain.support.models.conversation import LONGEST_TEXT, Enquiry


class AnswerTemplate(models.Model):
    """A text the office begins an answer with, in both languages; `{name}` and `{number}` are filled in."""

    title = models.CharField(max_length=80, unique=True)
    topic = models.CharField(max_length=8, choices=Enquiry.Topic, blank=True)
    """Empty: for every topic."""
    text_sl = models.TextField(max_length=LONGEST_TEXT)
    text_en = models.TextField(max_length=LONGEST_TEXT)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    def text(self, language: str) -> str:
        return self.text_en if language == "en" else self.text_sl
