"""How forms look: every `{{ form }}` and `{{ field.as_field_group() }}` is written by the portal's own templates."""

from django.forms.renderers import TemplatesSetting


class HouseFormRenderer(TemplatesSetting):
    """Label, hint, error, control, in this order; errors first in a summary with links."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
