"""The proxies of `deploy/`, each started as it stands there but for its names, ports and files."""

import os
import socket
from pathlib import Path

from tests import servers
from tests.environment import ROOT

NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
CADDY = (ROOT / "deploy" / "Caddyfile").read_text()
NAME = "dashboard.example"


def nginx_to(upstream: int, plain: int, tls: int, certificate: Path, key: Path) -> str:
    """The configuration of nginx with these ports and files."""
    return _with(
        NGINX,
        {
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl;\n": "",
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{tls} ssl;",
            "server_name dashboard.agency.example;": f"server_name {NAME};",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
            "/etc/ssl/dashboard/certificate.pem": str(certificate),
            "/etc/ssl/dashboard/key.pem": str(key),
        },
    )


def caddy_to(upstream: int, plain: int, tls: int, certificate: Path, key: Path) -> str:
    """The configuration of Caddy with these ports and files."""
    around = f"admin off\n\tdefault_bind 127.0.0.1\n\thttp_port {plain}\n\thttps_port {tls}"
    return _with(
        CADDY,
        {
            "\n{\n": f"\n{{\n\t{around}\n",
            "\ndashboard.agency.example {\n": f"\n{NAME} {{\n\ttls {certificate} {key}\n",
            "reverse_proxy 127.0.0.1:8000": f"reverse_proxy 127.0.0.1:{upstream}",
        },
    )


def _with(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def start_nginx(configuration: str, port: int) -> servers.PrivateServer:
    """An nginx with this for its sites, that answers on this port. Raises RuntimeError where it
    does not start."""
    folder = servers.own_folder("nginx")
    around = [f"pid {folder}/pid;", "daemon off;", "worker_processes 1;", "error_log stderr;"]
    around += ["user root;"] if os.geteuid() == 0 else []
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{part}_temp_path {folder}/{part};\n" for part in parts)
    within = f"access_log off;\n{folders}include {folder}/sites.conf;"
    (folder / "sites.conf").write_text(configuration)
    events = "events { worker_connections 256; }"
    (folder / "nginx.conf").write_text("\n".join([*around, events, f"http {{\n{within}\n}}\n"]))
    command = [servers.nginx_program(), "-p", folder, "-c", folder / "nginx.conf"]
    return servers.start_server(command, f"https://127.0.0.1:{port}", port, folder, {}, _accepts)


def start_caddy(configuration: str, port: int) -> servers.PrivateServer:
    """A Caddy with this configuration, that answers on this port. Raises RuntimeError where it does
    not start."""
    folder = servers.own_folder("caddy")
    (folder / "Caddyfile").write_text(configuration)
    command = ["env", f"HOME={folder}", f"XDG_DATA_HOME={folder}", f"XDG_CONFIG_HOME={folder}"]
    command += [
        servers.caddy_program(),
        "run",
        "--adapter",
        "caddyfile",
        "--config",
        folder / "Caddyfile",
    ]
    return servers.start_server(command, f"https://127.0.0.1:{port}", port, folder, {}, _accepts)


def _accepts(url: str) -> bool:
    port = int(url.rpartition(":")[2])
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
