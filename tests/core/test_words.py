"""What a form says about a field that was not filled in well: plain words, at the front and at the desk alike."""

from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core import validators
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils.functional import Promise

from portal.core import words
from portal.core.plaintext import PlainTextField
from portal.places.models import Area

CHOICES = [("a", "甲"), ("b", "乙")]
EMPTY = SimpleUploadedFile("a.pdf", b"")
LONG = SimpleUploadedFile("x" * 20 + ".pdf", b"x")
NONE = Area.objects.none()
PNG_ONLY = [validators.FileExtensionValidator(["png"])]


def said(field: forms.Field, value: Any = "") -> list[str]:
    """The errors of a form with this one field, into which ``value`` was sent."""
    form = type("OneField", (forms.Form,), {"f": field})({"f": value}, {"f": value})
    return list(form.errors.get("f", []))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (forms.CharField(), "", "请填写这一项。"),
        (PlainTextField(), " ", "请填写这一项。"),
        (forms.DateField(), "", "请填写这一项。"),
        (forms.BooleanField(), "", "请勾上这一项。"),
        (forms.ChoiceField(choices=CHOICES), "", "请选一样。"),
        (forms.TypedChoiceField(choices=CHOICES), "", "请选一样。"),
        (forms.ModelChoiceField(NONE), "", "请选一样。"),
        (forms.MultipleChoiceField(choices=CHOICES), [], "请至少选一样。"),
        (forms.ModelMultipleChoiceField(NONE), [], "请至少选一样。"),
        (forms.ChoiceField(choices=CHOICES), "c", "请从列出的里面选。"),
        (forms.TypedChoiceField(choices=CHOICES), "c", "请从列出的里面选。"),
        (forms.MultipleChoiceField(choices=CHOICES), "c", "请从列出的里面选。"),
        (forms.MultipleChoiceField(choices=CHOICES), ["c"], "请从列出的里面选。"),
        (forms.IntegerField(), "三", "请写一个整数，例如 3。"),
        (forms.FloatField(), "三", "请写数字，例如 12 或 12.5。"),
        (forms.DecimalField(), "三", "请写数字，例如 12 或 12.5。"),
        (forms.DecimalField(max_digits=3), "1234", "数字太长，一共最多 3 位。"),
        (forms.DecimalField(max_digits=5, decimal_places=2), "1.234", "小数点后最多 2 位。"),
        (forms.DecimalField(max_digits=5, decimal_places=2), "1234", "小数点前最多 3 位。"),
        (forms.DateField(), "明天", "日期不对，请写成 2026-03-09 这样。"),
        (forms.TimeField(), "早上", "时间不对，请写成 9:30 这样。"),
        (forms.DateTimeField(), "早上", "日期和时间不对，请写成 2026-03-09 9:30 这样。"),
        (forms.DurationField(), "半天", "时长不对，请写成 1:30:00 这样（时:分:秒）。"),
        (forms.EmailField(), "x", "邮箱不对，请写成 name@example.com 这样。"),
        (forms.URLField(assume_scheme="https"), "x y", "网址不对，请从浏览器里把整个网址复制过来。"),
        (forms.UUIDField(), "x", "写得不对，请检查一下。"),
        (forms.RegexField(r"^a$"), "b", "写得不对，请检查一下。"),
        (forms.SlugField(), "甲", "只能用字母、数字、下划线和短横线。"),
        (forms.CharField(max_length=500), "好" * 10000, "最多写 500 个字，现在是 10000 个。"),
        (PlainTextField(max_length=5), "好" * 6, "最多写 5 个字，现在是 6 个。"),
        (forms.CharField(min_length=5), "好" * 2, "至少写 5 个字，现在是 2 个。"),
        (forms.IntegerField(min_value=1), "0", "不能小于 1。"),
        (forms.IntegerField(max_value=9), "10", "不能大于 9。"),
        (forms.IntegerField(step_size=5), "7", "要是 5 的倍数。"),
        (forms.DecimalField(max_value=Decimal("9.5")), "10", "不能大于 9.5。"),
        (forms.CharField(), "a\x00", "里面有认不出的字符，请删掉重新写。"),
        (forms.FileField(), None, "请选一个文件。"),
        (forms.FileField(), EMPTY, "这个文件是空的，请换一个。"),
        (forms.FileField(max_length=10), LONG, "文件名太长：最多 10 个字，现在是 24 个。请改短文件名再传。"),
        (forms.FileField(), "no file", "文件没有传上来，请再选一次。"),
        (forms.FileField(validators=PNG_ONLY), LONG, "不收这种文件（pdf），可以传：png。"),
        (forms.ImageField(), SimpleUploadedFile("a.png", b"x"), "这张图片打不开，请换一张，或重新拍一张。"),
    ],
)
def test_each_message(field, value, message):
    assert said(field, value) == [message]


@pytest.mark.django_db
def test_a_record_that_is_not_among_those_offered():
    assert said(forms.ModelChoiceField(Area.objects.all()), "77") == ["请从列出的里面选。"]
    assert said(forms.ModelMultipleChoiceField(Area.objects.all()), ["77"]) == ["请从列出的里面选。"]
    assert said(forms.ModelMultipleChoiceField(Area.objects.all()), ["x"]) == ["请从列出的里面选。"]


def test_the_desks_date_and_time():
    field = forms.SplitDateTimeField(widget=AdminSplitDateTime())
    form = type("When", (forms.Form,), {"f": field})({"f_0": "x", "f_1": "y"})
    assert form.errors["f"] == ["日期不对，请写成 2026-03-09 这样。", "时间不对，请写成 9:30 这样。"]


@pytest.mark.django_db
def test_a_form_made_of_a_model_speaks_alike():
    class AreaForm(forms.ModelForm):
        class Meta:
            model = Area
            fields = ("name", "level", "parent")

    form = AreaForm({"name": "", "level": "x", "parent": "77"})
    assert form.errors == {
        "name": ["请填写这一项。"],
        "level": ["请从列出的里面选。"],
        "parent": ["请从列出的里面选。"],
    }


def test_a_form_that_says_it_better_is_heard():
    assert said(forms.CharField(error_messages={"required": "请写明理由。"})) == ["请写明理由。"]
    assert said(forms.CharField(validators=[validators.MaxLengthValidator(1, "短一点。")]), "好好") == ["短一点。"]


def test_control_a_field_without_our_words_would_speak_djangos():
    class Bare(forms.Field):
        default_error_messages = {"required": "这个字段是必填项。"}

    assert said(Bare()) == ["这个字段是必填项。"]


def test_every_word_can_be_translated_and_installing_twice_changes_nothing():
    before = dict(forms.FileField.default_error_messages)
    words.install()
    assert forms.FileField.default_error_messages == before
    classes = (forms.Field, forms.ChoiceField, forms.FileField, forms.DecimalField, models.Field)
    for words_of in (cls.default_error_messages for cls in classes):
        assert all(isinstance(word, Promise) for word in words_of.values())


def test_what_a_child_says_is_not_put_in_its_parents_mouth():
    assert said(forms.ChoiceField(choices=CHOICES)) == ["请选一样。"]
    assert said(forms.CharField()) == ["请填写这一项。"]
