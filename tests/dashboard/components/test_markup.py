"""HTML with values in it."""

import pytest
from django.utils import html
from django.utils.functional import lazystr
from django.utils.safestring import SafeString

from dashboard.components.icons import icon
from dashboard.components.markup import format_html

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "value",
    ["<&'\">", SafeString("<b>"), lazystr("<i>"), lazystr(SafeString("<u>")), 3, None, icon("box")],
)
def test_values_are_escaped_just_as_django_escapes_them(value):
    made = format_html('<a title="{}">{}</a>', value, value)

    assert made == html.format_html('<a title="{}">{}</a>', value, value)
    assert isinstance(made, SafeString)
