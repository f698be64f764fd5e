# The promise of the README: `make demo` and `make test`, on a fresh Debian machine with Python 3.11. `make help` lists the rest.
PYTHON := $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := PYTHONPATH=. $(VENV)/bin/python
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
PORT ?= 8000
SEEDS := --offers seeds/supporters.csv --needs seeds/requests.csv --on 2026-11-23

.DEFAULT_GOAL := help
.PHONY: help demo code ranking pictures race statements half-year growth browser test check figures drill guards-bite fresh renew mutation bench lock clean python

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Pairwell runs on Python 3.11, and only there: what it needs is locked for it. Install it: sudo apt-get install python3.11 python3.11-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "The venv module is missing. Install it: sudo apt-get install python3.11-venv"; exit 1; }

$(VENV)/bin/python: | python
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/base.installed: requirements/base.txt | $(VENV)/bin/python
	@echo "Installing what the product needs, locked and hashed ..."
	@$(PIP) -r requirements/base.txt
	@touch $@

$(VENV)/test.installed: requirements/test.txt | $(VENV)/bin/python
	@echo "Installing what the tests need, locked and hashed ..."
	@$(PIP) -r requirements/test.txt
	@touch $@ $(VENV)/base.installed

# mentor-match goes apart: it and the package `matching` are both imported as `matching`.
$(VENV)/bench.installed: requirements/bench.txt requirements/mentor-match.txt | $(VENV)/bin/python
	@echo "Installing what the benchmarks set beside the engine, locked and hashed ..."
	@$(PIP) -r requirements/bench.txt
	@$(PIP) --upgrade --target $(VENV)/mentor-match -r requirements/mentor-match.txt
	@touch $@ $(VENV)/test.installed $(VENV)/base.installed

$(VENV)/dev.installed: requirements/dev.txt | $(VENV)/bin/python
	@$(PIP) -r requirements/dev.txt
	@touch $@ $(VENV)/test.installed $(VENV)/base.installed

# The browser, and what the driver of the browser needs that nothing else brings.
BROWSER := chromium libatomic1

# The site of the demonstration keeps its data in instance/; `make clean` takes it away.
SITE := PYTHONPATH=. PAIRWELL_HTTPS=0 PAIRWELL_COMPONENTS=1 PAIRWELL_INSTANCE=instance \
  PAIRWELL_MAIL_FROM=updates@example.org PAIRWELL_MAIL_FOLDER=instance/mail

demo: $(VENV)/base.installed ranking ## the invented programme: its waiting list ranked, then the site at 127.0.0.1:8000 (PORT=...)
	@test -f instance/keys.json || $(SITE) $(VENV)/bin/flask --app webapp setup --name Riverside >/dev/null 2>instance/setup.log \
	  || { cat instance/setup.log; exit 1; }
	@$(SITE) $(VENV)/bin/python -m seeds
	@echo "Mail that would leave is written into instance/mail, one file each; none leaves this machine."
	@echo "The site is at http://127.0.0.1:$(PORT). Stop it with Ctrl-C."
	@$(SITE) exec $(VENV)/bin/flask --app webapp serve --with-worker --port $(PORT)

code: $(VENV)/base.installed ## the code that the invented coordinator's app shows now, for the second step of her sign-in
	@$(RUN) -m seeds code

# A pipe would hide a failing command, so the ranking goes through a file.
ranking: $(VENV)/base.installed ## rank the invented programme's waiting list, and say why
	@$(RUN) -m matcher check $(SEEDS)
	@echo
	@mkdir -p instance
	@$(RUN) -m matcher rank $(SEEDS) --top 3 > instance/ranking.txt
	@sed -n '/^Request r02/,/^$$/p' instance/ranking.txt
	@echo "One pair of these, r02 and s31, in three voices. To the woman who asks:"
	@$(RUN) -m matcher explain $(SEEDS) --need r02 --offer s31 --voice requester 2>/dev/null | sed 's/^/  /'
	@echo "To the supporter:"
	@$(RUN) -m matcher explain $(SEEDS) --need r02 --offer s31 --voice supporter 2>/dev/null | sed 's/^/  /'
	@echo "To the coordinator:"
	@$(RUN) -m matcher explain $(SEEDS) --need r02 --offer s31 --voice coordinator 2>/dev/null | sed 's/^/  /'
	@echo
	@sed -n '/^At a glance/,$$p' instance/ranking.txt
	@echo
	@echo "Every request with its parts: instance/ranking.txt. How to read it: docs/how-matching-works.md"

check: $(VENV)/test.installed ## format, lint and types, without the tests
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy

browser:
	@{ command -v chromium && ldconfig -p | grep -q libatomic.so.1; } >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && apt-get -qq update && apt-get -qq install -y $(BROWSER); } \
	  || { echo "A browser for the tests is missing. Install it: sudo apt-get install $(BROWSER)"; exit 1; }

test: check browser ## everything that CI runs
	@$(RUN) -m pytest -n 2 --dist worksteal

pictures: $(VENV)/test.installed browser ## the main screens at 360 and 1280 px, into pictures/
	@$(RUN) -m tests.journeys.pictures pictures

race: $(VENV)/test.installed ## the last free place, raced: make race ROUNDS=20 THREADS=16
	@$(RUN) -m tests.reliability.races.racing $(or $(ROUNDS),20) $(or $(THREADS),16)

statements: $(VENV)/test.installed ## what every page asks of the database at 10 rows and at 1,000
	@$(RUN) -m tests.pages.statements

half-year: $(VENV)/test.installed ## half a year of the invented programme through the services: who is asked in vain, who is shown nobody
	@$(RUN) -m tests.simulation

growth: $(VENV)/test.installed ## every page at 10 to 10,000 people beside a bare page; writes docs/growth.md: make growth SIZES="10 1000"
	@$(RUN) -m tests.growth $(SIZES) --postgresql 1000 --keep

figures: $(VENV)/test.installed browser ## what the project says of itself, tried and counted: docs/proofs.md; make figures CASES=20000
	@$(RUN) -m tests.matcher.oracles.figures --cases $(or $(CASES),20000)
	@$(RUN) -m tests.proofs

drill: $(VENV)/test.installed browser ## the same, tried far more often, for many minutes
	@$(RUN) -m tests.proofs --long
	@STORIES=all $(RUN) -m pytest -q -n 2 tests/journeys/stories

guards-bite: $(VENV)/test.installed browser ## switch each guard off in turn and see its test turn red
	@$(RUN) -m tests.guards

fresh: python ## build a bare Debian and run both commands there, as root, in some minutes
	@PYTHONPATH=. $(PYTHON) -m tests.fresh

mutation: $(VENV)/dev.installed ## change the engine in one small place at a time and see whether a test notices: make mutation SAMPLE=300 SEED=2, or ALL=1
	@$(RUN) -m tests.mutation $(if $(ALL),--all,--sample $(or $(SAMPLE),500) --seed $(or $(SEED),1))

bench: $(VENV)/bench.installed ## ranking, rounds, growth and spreadsheets beside other ways of doing it; writes docs/benchmarks/: make bench MILLION=1 LARGE=1 HUGE=1
	@$(RUN) -m benchmarks.people
	@OPENBLAS_NUM_THREADS=1 $(RUN) -m benchmarks.rank $(if $(MILLION),--million)
	@OPENBLAS_NUM_THREADS=1 $(RUN) -m benchmarks.round $(if $(LARGE),--large) $(if $(HUGE),--huge)
	@OPENBLAS_NUM_THREADS=1 $(RUN) -m benchmarks.pricing $(if $(LARGE),--large)
	@OPENBLAS_NUM_THREADS=1 $(RUN) -m benchmarks.growth $(if $(MILLION),--million) $(if $(HUGE),--huge)
	@$(RUN) -m benchmarks.sheets

lock: $(VENV)/dev.installed ## lock what requirements/*.in ask for
	@for name in base fast test bench mentor-match dev; do $(VENV)/bin/uv pip compile --quiet $(UPGRADE) --generate-hashes --no-strip-extras \
	  --no-emit-index-url --no-header --no-annotate --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done

renew: ## lock anew whatever has come out since, and run everything
	@$(MAKE) lock UPGRADE=--upgrade
	@$(MAKE) test

clean: ## remove the environment and caches
	@rm -rf $(VENV) instance pictures mutants .mypy_cache .ruff_cache .hypothesis .pytest_cache .import_linter_cache
