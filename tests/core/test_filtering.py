"""What a list is filtered by, in words, each with the way to take it off."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.http import QueryDict

from portal.core.dates import DayField
from portal.core.filtering import applied
from portal.places.models import Area
from tests import worlds


class Filters(forms.Form):
    q = forms.CharField(label="找什么：", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), ("修理", [("r", "维修")])], required=False)
    days = forms.MultipleChoiceField(label="哪天", choices=[("1", "周六"), ("2", "周日")], required=False)
    since = DayField(label="从", required=False)
    open = forms.BooleanField(label="只看没办完的", required=False)
    area = forms.ModelChoiceField(label="社区", queryset=Area.objects.none(), required=False)


def _applied(query: str):
    asked = QueryDict(query)
    form = Filters(asked)
    form.fields["area"].queryset = Area.objects.all()
    form.is_valid()
    return applied(form, asked)


@pytest.mark.django_db
def test_each_filter_is_said_in_the_words_in_which_it_was_offered():
    home = worlds.community()
    found = _applied(f"q=灯&kind=r&days=1&days=2&since=2026-03-09&open=on&area={home.pk}")
    assert [(one.label, one.value) for one in found] == [
        ("找什么", "灯"),
        ("类别", "维修"),
        ("哪天", "周六、周日"),
        ("从", "2026年3月9日"),
        ("只看没办完的", "只看没办完的"),
        ("社区", home.name),
    ]


@pytest.mark.django_db
def test_taking_one_off_leaves_the_others_and_begins_at_the_top():
    found = _applied("q=灯&kind=r&days=1&days=2&before=77&sort=new")
    left = parse_qs(urlsplit(found[1].remove_url).query)
    assert left == {"q": ["灯"], "days": ["1", "2"], "sort": ["new"]}
    assert parse_qs(urlsplit(found[2].remove_url).query) == {"q": ["灯"], "kind": ["r"], "sort": ["new"]}


@pytest.mark.django_db
def test_the_last_one_leads_to_the_bare_list():
    (only,) = _applied("q=灯&after=3")
    assert only.remove_url == "?"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "q=&kind=", "kind=nonsense", "since=gestern", "area=99999"])
def test_nothing_and_nonsense_filter_nothing(query):
    assert _applied(query) == []


def test_a_form_that_was_never_checked_filters_nothing():
    assert applied(Filters(), QueryDict("q=灯")) == []
