"""What no template may hold: the strict content policy would block it, or it would open a door."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent.parent / "templates"
FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "an on… handler": r"<[^>]*\son[a-z]+\s*=",
    "a script without a source": r"<script\b(?![^>]*\ssrc\s*=)",
    "hx-on": r"\bhx-on\b",
    "an htmx value that is JavaScript": r"""\bhx-(?:vals|vars|headers)=["']\s*(?:js|javascript):""",
    "a trigger filter, which htmx evaluates": r"""\bhx-trigger\s*=\s*["'][^"']*\[""",
    "a javascript: address": r"""=\s*["']\s*javascript:""",
    "text marked as safe": r"\|\s*(?:safe|safeseq)\b|\bautoescape\s+off\b",
    "a file from another host": r"""<(?:script|link|img)\b[^>]*(?:src|href)=["'](?:https?:)?//""",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE)
    pages = {path: path.read_text() for path in sorted(TEMPLATES.rglob("*.html"))}

    found = [
        f"{path.relative_to(TEMPLATES)}: {match[0]}"
        for path, text in pages.items()
        for match in pattern.finditer(text)
    ]

    assert pages
    assert found == []
