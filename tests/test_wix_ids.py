"""Only what Wix writes is an id, wherever one is typed, pasted or read."""

import pytest
from django import forms

from dashboard.frame.id_field import WixIdField
from resellers.wix_ids import as_wix_id

ID = "1f0578eb-0968-4f91-80c8-95818d1336c3"
# Each of these is the same id, or another one, to Python's own UUID.
MISTYPED = (
    *("1f0578eb-0968-4f91-80c8-95818d133_c3", "1f0578eb-0968-4f91-80c8-+5818d1336c3"),
    *(f"{{{ID}}}", f"urn:uuid:{ID}", ID.replace("-", ""), "1f0578eb-0968-4f91-80c8- 5818d1336c3"),
    *(f"{ID}\n", f"1f05-78eb{ID[8:].replace('-', '')}", "１" + ID[1:], ID[:-1], ID + "0", ""),
)


@pytest.mark.parametrize("text", [ID, ID.upper()])
def test_what_wix_writes_is_an_id_in_either_case(text):
    assert str(as_wix_id(text)) == ID


@pytest.mark.parametrize("text", MISTYPED)
def test_nothing_else_is_one(text):
    assert as_wix_id(text) is None


@pytest.mark.parametrize("text", [text for text in MISTYPED if text.strip() not in ("", ID)])
def test_a_form_takes_nothing_else_either(text):
    with pytest.raises(forms.ValidationError):
        WixIdField().clean(text)
    assert str(WixIdField().clean(f" {ID.upper()} ")) == ID
