"""{{ form }} gives label, hint, error and control, in this order, the same way everywhere."""

from django import forms

from tests.web.rendering import HOSTILE, rendered


class Everything(forms.Form):
    email = forms.EmailField(label="E-naslov", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(label="Geslo", help_text="Vsaj 12 znakov.", widget=forms.PasswordInput)
    payer_number = forms.CharField(
        label="Številka plačnika", widget=forms.TextInput(attrs={"inputmode": "numeric", "data-mark": "2"})
    )
    topic = forms.ChoiceField(label="O čem pišete?", choices=[("", "Izberite temo"), ("x", HOSTILE)])
    amount = forms.ChoiceField(label="Koliko?", widget=forms.RadioSelect, choices=[("full", "Do polnega")])
    message = forms.CharField(label="Sporočilo", widget=forms.Textarea(attrs={"rows": 4}))
    name = forms.CharField(label="Ime", required=False)
    photo = forms.FileField(label="Fotografija", required=False)
    consent = forms.BooleanField(label="Strinjam se s splošnimi pogoji.")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def written(form: forms.Form) -> str:
    return rendered("{{ form }}", form=form)


def test_every_field_has_a_label_that_leads_to_it():
    html = written(Everything())
    for name in ("email", "password", "payer_number", "topic", "message", "name", "photo", "consent"):
        assert f'for="id_{name}"' in html
    assert "<legend>Koliko?</legend>" in html
    assert 'class="errors"' not in html


def test_an_error_stands_between_the_hint_and_the_control_and_is_tied_to_it():
    html = written(Everything({"email": "ana"}))
    field = html[html.index('for="id_password"') :]
    hint, error, control = (
        field.index(part) for part in ('id="id_password_helptext"', 'id="id_password_error"', "<input")
    )
    assert hint < error < control
    assert 'aria-describedby="id_password_helptext id_password_error"' in field and 'aria-invalid="true"' in field


def test_what_was_typed_is_kept_but_never_a_password():
    html = written(Everything({"email": HOSTILE, "password": "stiri besede so dovolj"}))
    assert "&lt;script&gt;" in html and "<script" not in html
    assert "stiri besede" not in html


def test_only_what_may_be_left_out_says_so():
    assert written(Everything()).count("(ni obvezno)") == 2


def test_a_field_with_a_mark_carries_its_number_from_the_picture():
    assert '<span class="n-dot" aria-hidden="true">2</span>Številka plačnika' in written(Everything())


def test_a_wrong_choice_of_radio_buttons_is_reached_from_the_summary():
    html = written(Everything({"email": "ana@example.si"}))
    assert '<a href="#id_amount">' in html and 'id="id_amount"' in html


def test_the_key_of_a_form_is_hidden_and_unlabelled():
    assert '<input type="hidden" name="key" id="id_key">' in written(Everything())


def test_what_concerns_the_whole_form_stands_in_the_summary():
    class Pair(forms.Form):
        def clean(self):
            raise forms.ValidationError("E-naslov in geslo se ne ujemata.")

    assert "<h2>E-naslov in geslo se ne ujemata.</h2>" in written(Pair({}))
