"""Certificates made for the tests, each by itself: nobody vouches for them."""

import shutil
import subprocess
from pathlib import Path

import pytest


def make_certificate(folder: Path, of: str) -> tuple[Path, Path]:
    """The files of a certificate for `IP:…` or `DNS:…` and of its key; skips where none can be
    made."""
    if not shutil.which("openssl"):
        pytest.skip("openssl was not found: no certificate can be made")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    name = of.partition(":")[2]
    wanted = f"-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name}"
    named = ["-addext", f"subjectAltName={of}", "-out", certificate, "-keyout", key]
    subprocess.run(["openssl", "req", *wanted.split(), *named], check=True, capture_output=True)
    return certificate, key
