"""A named table for articles compares two to four therapies."""

from __future__ import annotations

import pytest
from django.test import Client

from content.models import Comparison
from tests.content.admin.screens import form_of, login, page
from tests.factories import make_criterion, make_therapy

pytestmark = pytest.mark.usefixtures("clinic")


@pytest.mark.parametrize(("count", "status"), [(1, 200), (2, 302), (4, 302), (5, 200)])
def test_table_has_two_to_four_columns(client: Client, count: int, status: int) -> None:
    login(client, "Editors")
    address = page(Comparison, "add")
    data = form_of(client.get(address)) | {"title": "A table", "slug": "a-table", "caption": "Side by side"}
    data |= {"columns-TOTAL_FORMS": count, "rows-TOTAL_FORMS": 1, "rows-0-criterion": make_criterion().pk}
    data |= {f"columns-{number}-therapy": make_therapy().pk for number in range(count)}

    response = client.post(address, data)

    assert (response.status_code, Comparison.objects.count()) == (status, int(status == 302))
