"""How gunicorn serves the dashboard; it reads this file where it is started in this folder."""

worker_class = "deploy.gunicorn_worker.Worker"
threads = 4
limit_request_line = 8190  # an address may hold many filters and the mark of a page

# Who says where a request comes from is for TRUSTED_PROXIES to decide: the dashboard reads their
# headers itself, and gunicorn none. By its own default it would obey every process of this machine,
# and whoever comes by a unix socket. Below a prefix, start it with SCRIPT_NAME in its environment.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
