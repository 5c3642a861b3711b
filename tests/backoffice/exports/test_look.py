"""The pages of exports in a browser: no fault by axe, nothing sticks out, alive by itself, whole without a script."""

import re

import pytest
from playwright.sync_api import expect

from portal.backoffice.exports import building
from portal.backoffice.models import Export
from portal.core import clock
from tests import worlds
from tests.browsers import axe, fits

from ..desks import act_url
from . import desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.whole
@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_is_in_order(here, open_page, size, dark):
    how = {"whole": ["contact_phone"], "whole_reason": "要逐户打电话"}
    pending, ready = desk.ask(here.worker, **how), desk.built(here.worker, here.head)
    queued = desk.approved(here.worker, here.head)
    gone = desk.built(here.worker, here.head)
    Export.objects.filter(pk=gone.pk).update(expires_at=clock.now())
    pages = {
        here.worker: [
            desk.ask_url(),
            desk.ask_url(desk.BUILDING),
            desk.ask_url(query="?sex__exact=male"),
            *(desk.page_url(export) for export in (pending, ready, queued, gone)),
            desk.page_url(gone, "download"),
            "/admin/backoffice/export/",
            "/admin/people/person/",
        ],
        here.head: [desk.page_url(pending), act_url(pending, "approve"), act_url(ready, "revoke")],
    }
    for user, addresses in pages.items():
        page = open_page(size=size, user=user)
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        for url in addresses:
            page.goto(url)
            fits(page)
            axe(page)


def test_asking_approving_watching_and_fetching_by_hand(here, open_page):
    page, approver = open_page(size="desk", user=here.worker), open_page(size="desk", user=here.head)
    page.goto("/admin/people/person/")
    page.get_by_role("link", name="导出 Excel").click()
    page.get_by_role("checkbox", name="姓名", exact=True).check()
    page.get_by_label("做什么用").fill("核对名册")
    page.get_by_role("button", name="提交", exact=True).click()
    export = Export.objects.get()
    approver.goto(desk.page_url(export))
    approver.get_by_role("link", name="批准", exact=True).click()
    approver.get_by_role("button", name="批准", exact=True).click()
    page.goto(desk.page_url(export))
    expect(page.get_by_text("已经排上队")).to_be_visible()
    building.build_due(at=clock.now())
    button = page.get_by_role("button", name=re.compile("下载 导"))
    expect(button).to_be_visible(timeout=15_000)  # nobody touched the page
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == f"{export.number}.xlsx"


def test_without_a_script_it_is_all_there(here, open_page):
    worlds.person(here.community)
    page = open_page(size="phone", javascript=False, user=here.worker)
    page.goto(desk.ask_url())
    page.get_by_role("checkbox", name="姓名", exact=True).check()
    page.get_by_label("做什么用").fill("核对名册")
    page.get_by_role("button", name="提交", exact=True).click()
    export = Export.objects.get()
    desk.deciding.approve(export=export, actor=here.head, at=clock.now())
    page.goto(desk.page_url(export))
    building.build_due(at=clock.now())
    page.get_by_role("link", name="看看最新进度").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("下载 导")).click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert desk.fresh(export).downloads.count() == 1
