"""Enquiries with all that was said, what the office keeps ready, the public texts, crisis notices."""

from mojplin.domain.support.models.conversation import Attachment, Enquiry, Entry
from mojplin.domain.support.models.office import AnswerTemplate

__all__ = ["AnswerTemplate", "Attachment", "Enquiry", "Entry"]
