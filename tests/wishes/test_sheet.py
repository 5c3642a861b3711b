"""The work order on paper: masked when it is opened, whole only in the answer to a recorded look."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.core import files, once
from portal.core.masking import mask_phone
from portal.core.models import AuditEntry
from services.wishes.models import ContactReveal, Wish
from tests import worlds

from . import scenes

pytestmark = pytest.mark.django_db
REASON = "志愿者不用手机，打印给他带去"


def address(wish: Wish) -> str:
    return reverse("wishes:sheet", args=[wish.code])


def words(answer) -> str:
    return answer.content.decode()


def whole(answer, wish: Wish) -> bool:
    """Whether the whole phone, name or address stands on the page; never only a part of them."""
    page = words(answer)
    shown = {part in page for part in (wish.contact_phone, wish.contact_address, wish.contact_name)}
    assert len(shown) == 1, "some of the contact, and not all of it"
    return shown.pop()


@pytest.fixture
def here():
    return scenes.scene()


@pytest.fixture
def taken(here):
    """A wish that the volunteer serves, with a contact whose name tells it from everybody else's."""
    return scenes.claimed(here, contact_name="欧阳小满", contact_address="2栋201门旁")


def ask(client, wish, **fields):
    return client.post(address(wish), {"once": once.token(), **fields})


def test_opened_it_is_masked_and_nothing_is_on_the_record(here, taken):
    for user in (here.worker, here.helper, worlds.head(here.community), worlds.supervisor(here.community)):
        answer = worlds.client_for(user).get(address(taken))
        assert answer.status_code == 200
        assert not whole(answer, taken)
        assert mask_phone(taken.contact_phone) in words(answer)
        assert answer["Cache-Control"] == "private, no-store"
    assert not ContactReveal.objects.exists()


def test_the_desk_gives_a_reason_and_is_on_the_record_before_the_whole_is_shown(here, taken):
    client = worlds.client_for(here.worker)
    refused = ask(client, taken, reason="  ")
    assert refused.status_code == 422
    assert not whole(refused, taken)
    assert "请写明理由" in words(refused)
    assert not ContactReveal.objects.exists()
    answer = ask(client, taken, reason=REASON)
    assert answer.status_code == 200
    assert whole(answer, taken)
    look = ContactReveal.objects.get()
    assert (look.wish, look.viewer, look.part) == (taken, here.worker, "staff")
    assert AuditEntry.objects.get(verb="wish.contact_revealed").remark.text == REASON


def test_who_serves_it_gives_no_reason_and_is_on_the_record(here, taken):
    answer = ask(worlds.client_for(here.helper), taken)
    assert whole(answer, taken)
    look = ContactReveal.objects.get()
    assert (look.viewer, look.part) == (here.helper, "volunteer")
    page = words(worlds.client_for(here.asker).get(reverse("wishes:detail", args=[taken.code])))
    assert here.volunteer.person.name_masked in page.split('id="reveals"')[1]


def test_a_form_sent_again_shows_nothing_and_records_nothing(here, taken):
    client = worlds.client_for(here.worker)
    token = once.token()
    assert whole(client.post(address(taken), {"once": token, "reason": REASON}), taken)
    again = client.post(address(taken), {"once": token, "reason": REASON}, follow=True)
    assert again.redirect_chain == [(address(taken), 302)]
    assert not whole(again, taken)
    assert "没有重复记" in words(again)
    assert not whole(client.get(address(taken)), taken)
    assert ContactReveal.objects.count() == 1
    assert whole(ask(client, taken, reason=REASON), taken)
    assert ContactReveal.objects.count() == 2


def test_a_token_of_one_wish_opens_no_other(here, taken):
    other = scenes.claimed(here, contact_name="诸葛明月", contact_address="9栋901门旁")
    client, token = worlds.client_for(here.worker), once.token()
    for wish in (taken, other):
        assert whole(client.post(address(wish), {"once": token, "reason": REASON}), wish)
    assert ContactReveal.objects.count() == 2


def test_reading_is_not_looking_at_the_contact(here, taken):
    """The sub-district reads and prints; the contact is the desk's and the volunteer's."""
    client = worlds.client_for(worlds.supervisor(here.community))
    assert "记下并显示" not in words(client.get(address(taken)))
    assert ask(client, taken, reason=REASON).status_code == 403
    for stranger in (here.asker, worlds.account(here.community), worlds.worker(worlds.community("向阳社区"))):
        client = worlds.client_for(stranger)
        assert client.get(address(taken)).status_code == 403
        assert ask(client, taken, reason=REASON).status_code == 403
    assert worlds.client_for(None).get(address(taken)).status_code == 302
    assert not ContactReveal.objects.exists()


def test_a_volunteer_prints_from_accepting_until_closing(here):
    client = worlds.client_for(here.helper)
    offered, done, closed = scenes.dispatched(here), scenes.completed(here), scenes.closed(here)
    assert [client.get(address(wish)).status_code for wish in (offered, done, closed)] == [403, 200, 403]
    assert [ask(client, wish).status_code for wish in (offered, closed)] == [403, 403]


def test_nobody_prints_the_contact_of_a_wish_of_their_own_as_the_desk(here):
    own = scenes.ordered(here, subject=here.worker.person, asker=here.worker.person)
    client = worlds.client_for(here.worker)
    assert "记下并显示" not in words(client.get(address(own)))
    assert ask(client, own, reason=REASON).status_code == 403


def test_of_an_erased_wish_there_is_nothing_to_show(here):
    wish = scenes.closed(here)
    Wish.objects.filter(pk=wish.pk).update(
        details="", contact_name="", contact_phone="", contact_address="", erased_on="2026-01-01"
    )
    client = worlds.client_for(here.worker)
    page = words(client.get(address(wish)))
    assert page.count("（已清除）") == 2
    assert "记下并显示" not in page
    assert ask(client, wish, reason=REASON).status_code == 403


def test_the_sheet_says_what_is_to_be_done_and_its_code_leads_to_the_wish(here, taken, settings):
    settings.HTTPS = True  # as it is served in production, whatever the way this request came
    page = words(worlds.client_for(here.worker).get(address(taken)))
    for part in ("微心愿工单", here.community.name, taken.title, taken.details, "志愿者签名", "居民签名"):
        assert part in page
    assert f"https://testserver{reverse('wishes:detail', args=[taken.code])}" in page
    assert "data:image" not in page
    assert here.volunteer.person.name_masked in page
    assert here.volunteer.person.name not in page


def test_the_way_to_it_stands_on_the_page_of_the_wish(here, taken):
    detail = reverse("wishes:detail", args=[taken.code])
    for user, stands in ((here.worker, 1), (here.helper, 1), (here.asker, 0), (None, 0)):
        assert words(worlds.client_for(user).get(detail)).count(f'href="{address(taken)}"') == stands


def test_in_wechat_the_page_says_how_to_get_out_of_it(here, taken):
    client = worlds.client_for(here.helper)
    inside = words(client.get(address(taken), headers={"user-agent": "Mozilla/5.0 MicroMessenger/8.0.50"}))
    assert "在浏览器打开" in inside
    assert "data-print" not in inside
    outside = words(client.get(address(taken)))
    assert "在浏览器打开" not in outside
    assert "Ctrl+P" in outside


def test_in_wechat_a_link_to_a_file_says_so_too(here):
    wish = scenes.ordered(here)
    paper = SimpleUploadedFile("scan.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")
    scan = files.store(upload=paper, kind="wishes.scan", owner_id=here.worker.pk, documents=True)
    wechat = {"user-agent": "Mozilla/5.0 MicroMessenger/8.0.50"}
    client, detail = worlds.client_for(here.asker), reverse("wishes:detail", args=[wish.code])
    assert "在浏览器打开" not in words(client.get(detail, headers=wechat)), "no file, nothing to say"
    Wish.objects.filter(pk=wish.pk).update(scan=scan)
    assert "在浏览器打开" in words(client.get(detail, headers=wechat))
    assert "在浏览器打开" not in words(client.get(detail))


def test_what_a_resident_typed_is_never_markup(here):
    wish = scenes.claimed(here, details="<script>alert(1)</script>", contact_name="<b>李</b>")
    page = words(ask(worlds.client_for(here.worker), wish, reason=REASON))
    assert "<script>alert" not in page
    assert "<b>李" not in page
    assert "&lt;script&gt;alert" in page
