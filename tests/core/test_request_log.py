"""What a request leaves in the log: method and path, nothing that was searched for."""

import logging

import pytest

from tests import worlds


@pytest.mark.django_db
def test_a_search_leaves_no_name_in_the_log(caplog):
    client = worlds.client_for(worlds.worker(worlds.community()))
    with caplog.at_level(logging.INFO):
        assert client.get("/admin/people/person/", {"q": "何春生"}).status_code in (200, 302)
    lines = [str(record.msg) + record.getMessage() for record in caplog.records]
    assert any("/admin/people/person/" in line for line in lines)
    assert not [line for line in lines if "何春生" in line or "%E4%BD%95" in line]
