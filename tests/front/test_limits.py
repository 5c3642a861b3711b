"""Every box for long words tells the browser its limit, so that nobody types a page in vain."""

from collections.abc import Iterator

from django import forms
from django.template.loader import engines

from portal.urls import urlpatterns

OURS = ("portal.", "alliance.", "services.", "landlords.")


def _forms(of: type = forms.BaseForm) -> Iterator[type]:
    """The forms of our rooms; the addresses have been read, so each is imported."""
    assert urlpatterns
    for child in of.__subclasses__():
        if child.__module__.startswith(OURS):
            yield child
        yield from _forms(child)


def test_every_textarea_of_ours_has_its_limit_and_shows_it():
    boxes = {
        (form.__module__, form.__qualname__, name): field
        for form in _forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.Textarea) and isinstance(field, forms.CharField)
    }
    assert len(boxes) > 5
    unlimited = [where for where, field in boxes.items() if not field.max_length]
    assert not unlimited
    template = engines["jinja2"].from_string('{% from "components/field.html" import field %}{{ field(form["f"]) }}')
    for where, field in boxes.items():
        form = type("One", (forms.Form,), {"f": field})()
        assert f'maxlength="{field.max_length}"' in template.render({"form": form}), where
