"""Forms that carry out an operation of a room; the doors of customers and of the office build theirs on it."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django import forms
from django.http import QueryDict

from mojplin.foundation.errors import Refused
from mojplin.foundation.idempotency import new_form_key

typed_before: ContextVar[QueryDict | None] = ContextVar("typed_before", default=None)
"""What the person had typed on this page before they had to sign in again."""


class OperationForm(forms.Form):
    """A form whose fields are the arguments of an operation; carries the key that makes it count once."""

    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["form_key"].initial = new_form_key
        self.order_fields([name for name in self.fields if name != "form_key"])
        if not self.is_bound and (before := typed_before.get()):
            self.fill_in(before)
        self.result: Any = None
        self.refusal: Refused | None = None

    def fill_in(self, before: QueryDict) -> None:
        """Show what was typed before, if it was this form that was sent."""
        names = {name: self.add_prefix(name) for name in self.fields}
        if not any(names[name] in before for name in self.fields if name != "form_key"):
            return
        for name, field in self.fields.items():
            if not isinstance(field.widget, forms.PasswordInput | forms.FileInput):
                self.initial[name] = field.widget.value_from_datadict(before, {}, names[name])

    def carry_out(self, operation: Callable[..., Any], **known: Any) -> bool:
        """Run the operation with the cleaned fields and what the page knows; return whether it was done.

        What it refuses stands beside its field afterwards, and in `refusal`; what it returned is in `result`.
        """
        if not self.is_valid():
            return False
        arguments = {name: value for name, value in self.cleaned_data.items() if name != "form_key"}
        try:
            self.result = operation(**arguments, **known)
        except Refused as refusal:
            self.refusal = refusal
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))
            return False
        return True
