"""`docs/client.md` shows every call, and what it shows is right."""

import ast
import inspect
import logging
import re
from pathlib import Path

import pytest

import resellers.wix
from resellers.wix import WixAnswer, WixClient, WixError

from .every_call import EVERY_CALL
from .examples import CUSTOMER, INSTANCE, SITE, package
from .scripted import reply

TEXT = (Path(resellers.wix.__file__).parents[2] / "docs" / "client.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def documented_calls():
    """Each call of the client in the examples: its method and the names of its arguments."""
    for block in BLOCKS:
        for node in ast.walk(ast.parse(block)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "wix"
            ):
                yield node.func.attr, {keyword.arg: None for keyword in node.keywords}


def test_every_call_has_an_example():
    assert {name for name, _ in documented_calls()} == {case.name for case in EVERY_CALL}


@pytest.mark.parametrize(("name", "arguments"), list(documented_calls()))
def test_an_example_gives_the_arguments_its_call_takes(name, arguments):
    inspect.signature(getattr(WixClient, name)).bind(None, **arguments)


@pytest.mark.parametrize(
    "kind",
    [
        member
        for _, member in inspect.getmembers(resellers.wix, inspect.isclass)
        if issubclass(member, WixError) and member not in (WixError, WixAnswer)
    ],
)
def test_every_error_is_told_with_its_next_move(kind):
    assert re.search(rf"\| `{kind.__name__}` \| `{kind.next_move.name}` \|", TEXT)


def test_every_setting_is_told():
    settings = set(inspect.signature(WixClient).parameters)

    assert set(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) >= settings


@pytest.mark.parametrize("block", BLOCKS)
def test_what_an_example_imports_is_there(block):
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.ImportFrom):
            assert node.module == "resellers.wix"
            assert {name.name for name in node.names} <= set(resellers.wix.__all__)


def test_the_log_line_that_is_shown_is_what_a_call_leaves(wix, client, caplog):
    caplog.set_level(logging.INFO, logger="resellers.wix")
    wix.answers(reply(200, {"package": package()}))

    client.assign_product_instance(
        account_id=CUSTOMER, instance_id=INSTANCE, site_id=SITE, idempotency_key="op-1:assign:1"
    )

    (documented,) = re.findall(r"```text\n(.*?)\n```", TEXT, re.DOTALL)
    assert _without_what_varies(documented) == _without_what_varies(caplog.messages[-1])


def _without_what_varies(line):
    return re.sub(r"request \S+,", "request,", re.sub(r"\d+ ms", "ms", line))


def test_what_else_a_client_can_do_is_told():
    names = {name for name, _ in inspect.getmembers(WixClient, inspect.isfunction)}
    others = {one for one in names if not one.startswith("_")} - {case.name for case in EVERY_CALL}

    assert others == {"close", "in_lane", "not_after"}
    assert all(f"{name}(" in TEXT for name in others)
