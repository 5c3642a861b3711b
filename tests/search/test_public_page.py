"""/search/: what anybody finds, what is refused, and that nothing typed breaks it."""

import re
from dataclasses import dataclass
from html import unescape

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from portal.core.registries import figures, purposes
from portal.front.views.search import FEW, PAGE_SIZE
from tests import worlds
from tests.wishes import scenes as wishes

PAGE = "/search/"


def ask(typed: str, user=None, **more):
    return worlds.client_for(user).get(PAGE, {"q": typed, **more})


@dataclass
class Group:
    """A group of hits as the page shows it: ``links`` by their words, e.g. to all of the kind or to the next page."""

    label: str
    count: str
    titles: list[str]
    links: dict[str, str]


def _words(markup: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def groups(answer) -> dict[str, Group]:
    """The groups of a page by their label."""
    found = {}
    for section in re.findall(r"<section aria-labelledby=.*?</section>", answer.content.decode(), re.S):
        label, count = re.search(r'<h2 id="group-[^>]*>(.*?)<span[^>]*>(.*?)</span>', section, re.S).groups()
        titles = re.findall(r'<a class="row__title"[^>]*>(.*?)</a>', section, re.S)
        links = re.findall(r'<a class="(?:section-head__more|btn[^"]*)"[^>]*href="([^"]*)">(.*?)</a>', section, re.S)
        found[_words(label)] = Group(
            _words(label), count, [_words(title) for title in titles], {_words(w): unescape(to) for to, w in links}
        )
    return found


def labels(answer) -> list[str]:
    return list(groups(answer))


def titles(answer, label: str) -> list[str]:
    return groups(answer)[label].titles


@pytest.mark.django_db
@pytest.mark.postgres
class TestFinding:
    def test_it_is_kept_by_nobody_and_indexed_by_nobody(self):
        answer = ask("修灯")
        assert reverse("front:search") == PAGE
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in answer.content.decode()

    def test_what_one_can_do_comes_first_then_records_then_numbers_and_notices(self):
        here = wishes.scene()
        wishes.approved(here, title="圆一个心愿")
        answer = ask("心愿")
        found = labels(answer)
        assert found[0] == "可以办的事"
        assert found.index("心愿") < found.index("个人信息怎么用")

    @pytest.mark.parametrize(
        ("typed", "label", "title"),
        [
            ("住处", "可以办的事", "登记住处"),
            ("搬家", "可以办的事", "登记住处"),
            ("大字", "可以办的事", "关怀版"),
            ("登不上", "可以办的事", "登录"),
        ],
    )
    def test_pages_are_found_by_what_people_call_them(self, typed, label, title):
        assert title in titles(ask(typed), label)

    def test_every_tile_figure_and_purpose_is_found_by_its_name(self):
        for figure in figures:
            found = titles(ask(str(figure.label)), "公开的数字")
            assert any(title.endswith(str(figure.label)) for title in found)
        for purpose in purposes:
            assert str(purpose.title) in titles(ask(str(purpose.title)), "个人信息怎么用")

    def test_a_community_is_found_with_what_is_above_it(self):
        worlds.community("袁家湾社区", phone="0731 0000 000")
        assert titles(ask("袁家"), "社区") == ["袁家湾社区"]
        assert titles(ask("荷塘区 袁家湾"), "社区") == ["袁家湾社区"]
        closed = worlds.community("未开通社区", in_service=False)
        assert closed.name not in ask("未开通").content.decode()

    def test_a_wish_leads_to_its_page_and_shows_nothing_but_the_wall_shows(self):
        here = wishes.scene()
        wish = wishes.approved(here, title="换一盏楼道灯", details="二楼王奶奶家门口，夜里看不见")
        answer = ask("楼道灯")
        body = answer.content.decode()
        assert f'href="/wishes/{wish.code}/"' in body
        assert "换一盏<mark" in body and ">楼道灯</mark>" in body
        assert "王奶奶" not in body and here.asker.person.name not in body
        assert "心愿" not in labels(ask("王奶奶"))

    def test_what_is_not_reviewed_is_not_found(self):
        here = wishes.scene()
        wishes.ordered(here, details="请人陪读，一周两次。")
        assert "心愿" not in labels(ask("李")) and "心愿" not in labels(ask("袁家湾"))

    def test_a_few_of_each_kind_and_all_of_one(self):
        here = wishes.scene()
        for number in range(PAGE_SIZE + 3):
            wishes.approved(here, title=f"修灯{number}")
        group = groups(ask("修灯"))["心愿"]
        assert (len(group.titles), group.count) == (FEW, str(PAGE_SIZE + 3))
        client = worlds.client_for(None)
        [group] = groups(client.get(PAGE + group.links["全部心愿"])).values()
        assert len(group.titles) == PAGE_SIZE and "上一页" not in group.links
        [group] = groups(client.get(PAGE + group.links["下一页"])).values()
        assert len(group.titles) == 3 and "上一页" in group.links and "下一页" not in group.links

    @pytest.mark.parametrize("more", [{"in": "nothing"}, {"in": "wish", "page": "9"}, {"in": "person"}, {"page": "-1"}])
    def test_a_place_that_is_not_there_is_no_error(self, more):
        wishes.approved(wishes.scene(), title="修灯")
        assert ask("修灯", **more).status_code == 200

    def test_nothing_found_says_what_to_do(self):
        body = ask("量子纠缠").content.decode()
        assert "没有找到“量子纠缠”" in body
        assert 'href="/do/"' in body

    def test_without_a_question_there_is_a_box(self):
        body = worlds.client_for(None).get(PAGE).content.decode()
        assert 'name="q"' in body and "没有找到" not in body

    def test_the_page_costs_the_same_for_one_and_for_fifty(self, django_assert_max_num_queries):
        here = wishes.scene()
        client = worlds.client_for(None)
        for count in (1, 49):
            for number in range(count):
                wishes.approved(here, title=f"修灯{number}")
            with django_assert_max_num_queries(12):
                client.get(PAGE, {"q": "修灯"})


@pytest.mark.django_db
class TestNumbers:
    @pytest.mark.parametrize(
        "typed",
        [
            "15400001234",
            "１５４００００１２３４",
            "+86 154-0000-1234",
            "找 154 0000 1234",
            "430202195003051234",
            "43020219500305123x",
        ],
    )
    def test_a_phone_or_an_id_number_is_refused_and_stays_nowhere(self, typed):
        client = worlds.client_for(None)
        answer = client.get(PAGE, {"q": typed})
        assert (answer.status_code, answer.url) == (302, "/search/?refused=number")
        body = client.get(answer.url).content.decode()
        assert "这里不查手机号和证件号" in body
        assert "0000" not in body.replace("#000000", "") and "195003" not in body
        assert not dict(client.session)

    def test_a_code_or_a_house_number_is_no_phone(self):
        for typed in ("203 948 571", "2栋1201", "11234567890"):
            assert ask(typed).status_code == 200


TYPED = st.text(max_size=120) | st.text(st.sampled_from("'\"\\:*|&!()<>-@^%_; \0\n王1a😀\u202e"), max_size=80)


class TestWhateverIsTyped(TestCase):
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(TYPED, st.sampled_from(["", "wish", "\0", "x" * 500]))
    @example("x" * 10_000, "")
    @example("王" * 10_000, "wish")
    @example("<script>alert(1)</script>", "")
    @example("' OR 1=1 --", "")
    @example("王:* & !秀 | (", "")
    def test_never_an_error(self, typed, kind):
        answer = self.client.get(PAGE, {"q": typed, "in": kind})
        assert answer.status_code in {200, 302}
        if answer.status_code == 200:
            assert "<script>alert" not in answer.content.decode()
