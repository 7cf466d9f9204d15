"""What is sent is not read before it is known that it may be: how much, and by whom."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.request_body import OF_ANYBODY, OF_STAFF
from resellers.mirror.imports import MAX_BYTES
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MULTIPART = "multipart/form-data; boundary=x"


class Untouched:
    """A body of which nothing may be read."""

    def read(self, *_):
        raise AssertionError("this was read")

    readline = read


class Cut:
    """A body of which the rest does not come."""

    def read(self, *_):
        raise TimeoutError("timed out")

    readline = read


def send(client: Client, address: str, length: object, body: object = None, **environ: str):
    """A form of which this much is announced."""
    return client.request(
        PATH_INFO=address,
        REQUEST_METHOD="POST",
        CONTENT_TYPE=environ.pop("CONTENT_TYPE", MULTIPART),
        CONTENT_LENGTH=str(length),
        **{"wsgi.input": body or Untouched()},
        **environ,
    )


@pytest.mark.parametrize("address", ["/login/", "/accounts/import/", "/nowhere/", "/logout/"])
@pytest.mark.parametrize("length", [OF_ANYBODY + 1, 200 * 2**20, "9" * 4000, f"{2**40:060}"])
def test_of_who_is_not_logged_in_no_more_is_read_than_a_log_in_takes(client, address, length):
    for content_type in (MULTIPART, "application/x-www-form-urlencoded", "text/plain"):
        answer = send(client, address, length, CONTENT_TYPE=content_type)

        assert answer.status_code == 413
        assert "takes 64 KiB at a time from who is not logged in" in text(answer)


def test_a_cookie_that_is_no_log_in_allows_no_more(client):
    client.cookies["session"] = "a" * 32

    assert send(client, "/login/", OF_ANYBODY + 1).status_code == 413


def test_of_staff_no_more_is_read_than_a_file_to_import_takes(manager):
    answer = send(manager, "/accounts/import/", OF_STAFF + 1)

    assert answer.status_code == 413
    assert "takes 20 MiB at a time, so" in text(answer)


def test_a_file_that_is_somewhat_too_large_is_told_of_beside_its_field(manager):
    file = SimpleUploadedFile("names.csv", b"x" * (MAX_BYTES + 1))

    answer = manager.post("/accounts/import/", {"file": file})

    assert answer.status_code == 422
    assert "larger than 10 MiB" in text(answer)


def test_what_comes_in_pieces_of_unsaid_length_is_refused_and_not_read(client, viewer):
    for person in (client, viewer):
        chunked = {"HTTP_TRANSFER_ENCODING": "chunked"}
        answer = send(person, "/login/", "", **chunked)

        assert answer.status_code == 411
        assert "without a word on how long it is" in text(answer)


@pytest.mark.parametrize("length", ["-1", "ten", "1.5", "٣", "1_0", " 7"])
def test_a_length_that_is_no_number_is_not_understood(client, length):
    assert send(client, "/login/", length).status_code == 400


def test_a_form_that_comes_half_is_told_so_and_is_no_fault(client, caplog):
    answer = send(client, "/login/", 500, Cut())

    assert answer.status_code == 408
    assert "Only a part of this form has arrived" in text(answer)
    assert "Internal Server Error" not in caplog.text


def test_what_is_allowed_comes_through(client):
    worlds.user("viewer")
    form = {"username": "viewer", "password": worlds.PASSWORD, "next": "x" * (OF_ANYBODY - 500)}

    assert client.post("/login/", form)["Location"] == "/"
