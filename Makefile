# What to do with this project; `make help` lists it. Nothing but make and Python 3.12, 3.13 or 3.14 has to be installed.
#
#   make run            the whole sample site on http://localhost:8000 (PORT=8001 for another port)
#   make test           all tests; ARGS="-k booking" is handed to pytest
#   make check          lint, types, templates, migrations and deploy checks
#   make bench          how fast pages, the request form, free times, the claim check, the proxy and the first start are, as ratios; then
#                       the desk with a million requests beside a thousand, on PostgreSQL; ROWS=50000 for fewer, ARGS="--only pages";
#                       KEEP=folder lets the databases of that stay
#   make races          a hundred people want one time at the same moment; counts who gets it, with and without the database's key
#   make faults         kills and restarts everything under load and counts what is lost; ARGS=--quick for less of it
#   make machine        starts what compose.yaml starts, without containers, and checks it; ARGS=--bench, ARGS=--stay
#   make replica        two web servers on a PostgreSQL with a streaming copy that lags, dies and hangs
#   make nodes          two machines behind nginx, in network namespaces: what they share, and what is seen when one is lost (root)
#   make deploy-rehearsal   a new version with a migration comes to two machines under load, and goes again (root)
#   make pictures       draws the pictures of docs/editing.md and docs/desk.md from the site that `make run` serves, and those of
#                       docs/operating.md from a new one
#   make attacks        does what people who mean harm would do to a running site; SHORT=1 for less of it
#   make pages          opens every page of the admin in a browser, as a superuser and as each group; `make test` opens some
#   make audit          asks an advisory service which locked packages have known weaknesses
#   make release        VERSION=1.2.0: builds what a tag is made of, with its bill of materials (docs/releases.md)

PORT ?= 8000
export PORT
# Where it is set, as containers do, each of the many processes of a run would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
PYTHON = .venv/bin/python

.PHONY: help run test check format bench races faults machine replica nodes deploy-rehearsal attacks pages audit release pictures clean

help:
	@sed -n 's/^#   //p' Makefile

run: .venv/run.stamp
	@exec $(PYTHON) scripts/serve.py

test: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.run_tests $(ARGS)

check: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.check

format: .venv/develop.stamp
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .
	@find templates -name "*.html" | xargs .venv/bin/djade --target-version 6.1 || true

bench: .venv/develop.stamp
	@ROWS=$(ROWS) exec $(PYTHON) -m scripts.benches $(ARGS)

races: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.races $(ARGS)

faults: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.faults $(ARGS)

machine: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.one_machine $(ARGS)

replica: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.replica

nodes: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.two_nodes

deploy-rehearsal: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.rolling_deploy

attacks: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.attacks $(if $(SHORT),--short) $(ARGS)

pages: .venv/develop.stamp
	@EVERY_PAGE=1 exec $(PYTHON) -m pytest tests/browser/test_admin_pages.py -n 2 --dist=load $(ARGS)

audit: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.supply.audit $(ARGS)

release: .venv/develop.stamp
	@exec $(PYTHON) -m scripts.release $(VERSION) $(ARGS)

pictures: .venv/develop.stamp
	@$(PYTHON) -m scripts.pictures && $(PYTHON) -m scripts.pictures_desk http://localhost:$(PORT) && exec $(PYTHON) -m scripts.pictures_operating

clean:
	rm -rf .venv staticfiles .pytest_cache .mypy_cache .ruff_cache

# A stamp says that the environment holds what the requirements of that time asked for.
.venv/run.stamp: requirements.txt scripts/install.sh
	@sh scripts/install.sh requirements.txt
	@touch $@

.venv/develop.stamp: requirements.txt requirements-dev.txt scripts/install.sh
	@sh scripts/install.sh requirements.txt requirements-dev.txt
	@touch .venv/run.stamp $@
