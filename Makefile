# Everything starts here, on a machine with Python 3.11 or newer (with venv) and make.
# Each target does its own set-up; from the second time on that takes no time.

PYTHON := $(shell command -v python3.11 || command -v python3)
SHELL := /bin/sh
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help .venv demo test lint conformance bench shots picture chaos attack soak mutants messages
.DEFAULT_GOAL := help

help:
	@echo "make demo    a running dashboard with an invented Wix: no account, no Redis, no PostgreSQL needed"
	@echo "make test    the whole test suite"
	@echo "make lint    format, lint, types, templates, floors, migrations, deployment check"
	@echo "make conformance   what Wix documents, asked of the server that WIX_BASE_URL names, else of a sandbox"
	@echo "make bench   measurements beside their yardsticks; exit status 1 where a goal is missed"
	@echo "make chaos   processes killed, answers lost, servers gone, and every end judged (needs PostgreSQL and Redis)"
	@echo "make attack  a web process attacked as OWASP lists it: a line each, exit status 1 where one succeeded"
	@echo "make soak    fifty people at work for MINUTES=30 over ROWS=1000000 services (needs PostgreSQL and Redis)"
	@echo "make mutants faults planted in the core of the code; names those that no test notices (hours, resumable)"
	@echo "make shots   pictures of every page into docs/screenshots/ (needs Chromium); ONLY='lists/* moves/plan' for these alone"
	@echo "make picture the rooms and their imports, drawn into docs/architecture.svg"
	@echo "make messages   every text that people read, into the catalogues of locale/"
	@echo "make .venv   the Python environment alone"

.venv: $(READY)

$(READY): requirements-dev.txt
	@echo "Setting up Python's packages in .venv (about half a minute, once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# exec, so that ending make ends the demo.
demo: $(READY)
	@exec $(BIN)/python manage.py demo

# PYTEST takes more arguments, as in: make test PYTEST="-k reassign"
# Alone it is brief: most sets of values, and what is marked at_length, are run by FULL=1 and by name.
# FULL=1 draws many more random examples, from a fresh seed that is printed; SEED=n repeats them.
test: $(READY)
	@echo "Tests on SQLite, and beside them on PostgreSQL what the database has a part in"
	@$(BIN)/python -m tests $(PYTEST)

lint: $(READY)
	@echo "Format"      && $(BIN)/ruff format --check --quiet .
	@echo "Lint"        && $(BIN)/ruff check --quiet .
	@echo "Types"       && $(BIN)/mypy --no-error-summary
	@echo "Templates"   && $(BIN)/djlint templates --lint --quiet
	@echo "Floors"      && $(BIN)/lint-imports --no-logo
	@echo "Migrations"  && $(BIN)/python manage.py makemigrations --check --dry-run
	@echo "Deployment"  && DEMO=false DEBUG=false ALLOWED_HOSTS=dashboard.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

# WIX_BASE_URL, WIX_API_KEY and WIX_ACCOUNT_ID name a server, which is only read. What else may be
# done there is said with CONFORMANCE_WRITES=1 and more: see tests/conformance/target.py.
conformance: $(READY)
	@$(BIN)/pytest -q tests/conformance $(PYTEST)

shots: $(READY)
	@echo "Pictures into docs/screenshots/"
	@REQUIRE_ALL=1 $(BIN)/pytest -q tests/browser/shots.py

picture: $(READY)
	@$(BIN)/python -m tests.docs.picture

messages: $(READY)
	@$(BIN)/python -m tests.messages

# BENCH names parts, as in: make bench BENCH=paint; ROWS=1000000 makes the mirror so large.
bench: $(READY)
	@echo "Measuring; all of it takes about three minutes"
	@$(BIN)/python -m tests.bench $(BENCH)

# CHAOS names parts or runs, as in: make chaos CHAOS='kills --only "reassign.direct"'
# FULL=1 leaves nothing out; SEED=n repeats the chances of the run that printed it.
# People at work under all of it, for as long as one likes: make chaos CHAOS=rounds MINUTES=20
chaos: $(READY)
	@$(BIN)/python -m tests.chaos $(CHAOS)

# ATTACK names parts, as in: make attack ATTACK="passwords forms"
attack: $(READY)
	@$(BIN)/python -m tests.attack $(ATTACK)

# A short try: make soak MINUTES=1 ROWS=2000 PEOPLE=8
soak: $(READY)
	@$(BIN)/python -m tests.soak

# MUTANTS names parts, as in: make mutants MUTANTS="resellers.audit dashboard.*"
# It may be stopped, or stops after MINUTES=n, and goes on where it stood when started again.
mutants: $(READY)
	@$(BIN)/python -m tests.mutants $(MUTANTS)
