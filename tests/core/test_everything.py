"""That the maker of any record makes one of every table."""

import pytest

from .everything import make, our_models, sealed_fields


@pytest.mark.django_db
@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_a_record_of_every_table_can_be_made_and_read(model):
    made = make(model, sealed="15400009876 先生")
    again = model._base_manager.get(pk=made.pk)
    for field in sealed_fields(model):
        assert "15400009876 先生" in str(getattr(again, field.attname))
