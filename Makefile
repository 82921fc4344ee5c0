# What to do with this project; `make help` lists it. Nothing but make and Python 3.12, 3.13 or 3.14 has to be installed.
#
#   make run            the whole sample site on http://localhost:8000 (PORT=8001 for another port)
#   make test           all tests; ARGS="-k booking" is handed to pytest
#   make check          lint, types, templates, migrations and deploy checks
#   make bench          how fast pages, the request form, free times and the claim check are, as ratios; then the desk with a million
#                       requests beside a thousand, on PostgreSQL; ROWS=50000 for fewer, KEEP=folder lets the databases stay
#   make races          a hundred people want one time at the same moment; counts who gets it, with and without the database's key
#   make faults         kills and restarts everything under load and counts what is lost; ARGS=--quick for less of it
#   make machine        starts what compose.yaml starts, without containers, and checks it; ARGS=--bench, ARGS=--stay
#   make pictures       draws the pictures of docs/editing.md and docs/desk.md from the site that `make run` serves
#   make attacks        does what people who mean harm would do to a running site; SHORT=1 for less of it

PORT ?= 8000
export PORT
# Where it is set, as containers do, each of the many processes of a run would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
PYTHON = .venv/bin/python

.PHONY: help run test check format bench races faults machine attacks pictures clean

help:
	@sed -n 's/^#   //p' Makefile

run: .venv/run.stamp
	@exec $(PYTHON) scripts/serve.py

test: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.run_tests $(ARGS)

check: .venv/develop.stamp
	@exec $(PYTHON) scripts/check.py

format: .venv/develop.stamp
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .
	@find templates -name "*.html" | xargs .venv/bin/djade --target-version 6.1 || true

bench: .venv/run.stamp
	@$(PYTHON) -m scripts.bench; articles=$$?; $(PYTHON) -m scripts.bench_booking; times=$$?; \
	$(PYTHON) -m scripts.bench_claims; claims=$$?; \
	ROWS=$(ROWS) $(PYTHON) -m scripts.bench_desk && exit $$(( articles + times + claims ))

races: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.races $(ARGS)

faults: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.faults $(ARGS)

machine: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.one_machine $(ARGS)

attacks: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.attacks $(if $(SHORT),--short) $(ARGS)

pictures: .venv/develop.stamp
	@$(PYTHON) -m scripts.pictures && exec $(PYTHON) -m scripts.pictures_desk http://localhost:$(PORT)

clean:
	rm -rf .venv staticfiles .pytest_cache .mypy_cache .ruff_cache

# A stamp says that the environment holds what the requirements of that time asked for.
.venv/run.stamp: requirements.txt scripts/install.sh
	@sh scripts/install.sh requirements.txt
	@touch $@

.venv/develop.stamp: requirements.txt requirements-dev.txt scripts/install.sh
	@sh scripts/install.sh requirements.txt requirements-dev.txt
	@touch .venv/run.stamp $@
