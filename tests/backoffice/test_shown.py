"""A record that a page names is a link only for who may open its page."""

import re

import pytest
from django.urls import reverse

from tests import worlds
from tests.wishes import scenes

from .desks import page

pytestmark = pytest.mark.django_db
_HREF = re.compile(r'<div class="readonly">[^<]*<a href="(/admin/[^"]+)"')


@pytest.mark.parametrize("reads", ["supervisor", "worker"])
def test_what_a_wish_names_is_a_link_only_where_it_opens(here, reads: str) -> None:
    at_scene = scenes.scene("月塘社区")
    wish = scenes.ordered(at_scene, subject=here.resident, community=here.community)
    client = worlds.client_for(getattr(worlds, reads)(here.community))
    body = client.get(page("wishes.wish", "change", wish.pk)).content.decode()
    offered = _HREF.findall(body)
    assert all(client.get(address).status_code == 200 for address in offered), offered
    kind = reverse("admin:wishes_wishkind_change", args=[wish.kind_id])
    assert (kind in offered) is (reads == "worker")
    assert str(wish.kind) in body
    assert reverse("admin:people_person_change", args=[wish.subject_id]) in offered
