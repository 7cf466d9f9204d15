"""A folder of each test's own, and files of few rows a chunk."""

import pytest


@pytest.fixture(autouse=True)
def small_files(settings, tmp_path):
    settings.EXPORTS_DIR = str(tmp_path / "exports")
    settings.OPERATIONS = settings.OPERATIONS | {"EXPORT_ROWS": 3}
