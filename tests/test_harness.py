"""That the tests' own tools find what they are for."""

import socket
import urllib.request
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from portal.core import appendonly, audit
from portal.core.models import AuditEntry
from services.wishes.models import WishKind
from tests import seeds, worlds
from tests.browsers import Guard, axe, fits
from tests.network import LeftTheMachine

# The network ---------------------------------------------------------------------------------------------------------


def test_no_test_reaches_another_machine():
    with pytest.raises(LeftTheMachine):
        urllib.request.urlopen("http://example.com/", timeout=1)
    with pytest.raises(LeftTheMachine):
        socket.create_connection(("203.0.113.7", 80), timeout=1)
    with socket.socket() as out, pytest.raises(LeftTheMachine):
        out.connect_ex(("203.0.113.7", 80))


# The databases -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.sqlite
def test_sqlite_is_a_file_of_this_worker(worker_id, settings):
    name = Path(connection.settings_dict["NAME"])
    assert connection.vendor == "sqlite"
    assert name.is_file()
    assert worker_id in name.name or worker_id == "master"


@pytest.mark.django_db
@pytest.mark.postgres(only=True)
def test_postgres_is_a_database_of_this_worker(worker_id):
    assert connection.vendor == "postgresql"
    assert worker_id in connection.settings_dict["NAME"] or worker_id == "master"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize("time", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next_and_the_seeds_are_back(time):
    assert not AuditEntry.objects.exists()
    assert WishKind.objects.exists()
    assert ContentType.objects.filter(app_label="wishes").exists()
    assert appendonly.verify() == []
    audit.record("tests.said", actor_id=None)
    WishKind.objects.all().delete()
    worlds.community()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_a_trigger_that_a_test_left_down_is_found():
    name = "core_transition_append_only_" + ("delete" if connection.vendor == "sqlite" else "row")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else " ON core_transition"))
    with pytest.raises(AssertionError, match=name):
        seeds.empty()
    appendonly.install()


# Pages ---------------------------------------------------------------------------------------------------------------

BAD_PAGE = """<!doctype html><html lang="zh-CN"><title>坏</title><body><main><h1>坏</h1>
<script>inline()</script><p style="color:red">x</p><img src="/missing.png" alt="">
<img src="http://example.com/away.png" alt=""><script src="/static/bad.js"></script></main></body></html>"""


@pytest.fixture
def bare_page(live, new_context, request):
    """A page that is not watched by ``open_page``."""
    context = new_context(base_url=live, java_script_enabled=getattr(request, "param", True))
    return context.new_page()


@pytest.mark.browser
def test_a_page_that_does_what_no_page_may_do_is_found_out(live, bare_page):
    policy = {"Content-Security-Policy": "default-src 'self'; img-src *"}
    bare_page.route(
        f"{live}/bad/", lambda route: route.fulfill(body=BAD_PAGE, headers=policy, content_type="text/html")
    )
    bare_page.route("**/bad.js", lambda route: route.fulfill(body="undefinedThing()", content_type="text/javascript"))
    bare_page.route(f"{live}/broken/", lambda route: route.fulfill(status=500, body="broken"))
    guard = Guard(bare_page, live)
    bare_page.goto("/bad/")
    bare_page.goto("/broken/")
    found = "\n".join(guard.problems)
    for words in (
        "inline script",
        "inline style",
        "example.com/away.png",
        "missing.png",
        "undefinedThing",
        "answer 500",
    ):
        assert words in found


@pytest.mark.browser
def test_a_page_that_was_asked_for_and_is_not_there_is_no_fault(live, bare_page):
    guard = Guard(bare_page, live)
    bare_page.goto("/nowhere/")
    assert guard.problems == []


def _serve(page, address: str, body: str, **options) -> None:
    page.route(address, lambda route: route.fulfill(body=body, content_type="text/html", **options))


@pytest.mark.browser
@pytest.mark.parametrize("bare_page", [True, False], indirect=True, ids=["javascript", "none"])
def test_axe_finds_a_picture_without_words_with_and_without_javascript(live, bare_page):
    page = '<!doctype html><html lang="zh-CN"><title>图</title><main><h1>图</h1>{}</main></html>'
    _serve(bare_page, f"{live}/good/", page.format(""))
    _serve(bare_page, f"{live}/bad/", page.format('<img src="/static/img/seal.svg">'))
    bare_page.goto("/good/")
    axe(bare_page)
    bare_page.goto("/bad/")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(bare_page)


@pytest.mark.browser
def test_a_page_wider_than_its_window_is_found(bare_page):
    bare_page.set_content("<div style='width: 3000px'>.</div>")
    with pytest.raises(AssertionError, match="px wide"):
        fits(bare_page)
