"""How many calls a minute may have, counted for all processes together."""

import pytest

from resellers import call_limits
from resellers.models import CallCount


@pytest.mark.django_db
def test_what_nobody_has_called_with_for_an_hour_is_forgotten():
    CallCount.objects.create(key="long ago", minute=1, calls=7)

    call_limits.count("a new one", 5)

    assert [row.key for row in CallCount.objects.all()] == ["a new one"]
