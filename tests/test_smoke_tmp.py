import pytest
from django.http import HttpResponse
from tests import worlds
from tests.browsers import axe, fits, sign_in

@pytest.mark.django_db
def test_people():
    c = worlds.community(); w = worlds.worker(c); v = worlds.volunteer(c)
    assert w.is_staff and worlds.client_for(w).session["_auth_user_id"] == str(w.pk)

@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_flush():
    from portal.core import audit
    from portal.core.models import AuditEntry
    audit.record("x", actor_id=None)
    assert AuditEntry.objects.count() == 1

@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_flush2():
    from portal.core.models import AuditEntry
    from django.contrib.contenttypes.models import ContentType
    assert AuditEntry.objects.count() == 0
    assert ContentType.objects.count() > 10

@pytest.mark.postgres(only=True)
@pytest.mark.django_db(transaction=True)
def test_pg():
    from django.db import connection
    assert connection.vendor == "postgresql"

def test_net():
    import urllib.request
    with pytest.raises(Exception):
        urllib.request.urlopen("http://example.com")
def test_page(phone_page):
    c = worlds.community(); u = worlds.account(c)
    sign_in(phone_page, u)
    phone_page.goto("/static/img/seal.svg")
def test_page_nojs(open_page):
    p = open_page(javascript=False)
    p.goto("/accounts/login/")
    axe(p); fits(p)
