# make demo    load, query, predict, write back      make test   everything, on both engines
# make lint    ruff, mypy                            make bench  ratios against named peers
# make neo4j   a real Neo4j on loopback              make clean  forget what these have made
# make collection    measure the programs of examples/ on this machine (hours; stop and go on as you like)

PYTHON ?= python3.11
# another interpreter has an environment of its own: make test PYTHON=python3.13
VENV ?= $(if $(filter %python3.11,$(PYTHON)),.venv,.venv-$(notdir $(PYTHON)))
DB ?= embedded
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# setuptools and pip are pinned too: a build must not change from one day to the next
PIP_INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test lint types bench neo4j neo4j-stop docs constraints clean

demo: $(READY)
	PATH="$(CURDIR)/$(BIN):$$PATH" docs/demo.sh $(DB)

test: lint
	$(BIN)/python -m tests.halves

lint: $(READY) types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# A normal install is checked: in the checkout three of the packages stand outside their parent.
types: $(READY)
	rm -rf build/types
	$(PIP_INSTALL) --build-constraint constraints.txt --no-deps --target build/types .
	cd build/types && $(CURDIR)/$(BIN)/mypy --config-file $(CURDIR)/pyproject.toml -p tpugraph_db

bench: $(READY)
	$(BIN)/python -m benchmarks

.PHONY: bench-models

# the networks against plain ones, and on programs that they have not seen (half an hour)
bench-models: $(READY)
	$(BIN)/python -m benchmarks models_speed
	$(BIN)/python -m benchmarks.unseen
	$(BIN)/python -m benchmarks.by_heart
	$(BIN)/python -m benchmarks.tiles
	$(BIN)/python -m benchmarks.few_shot

neo4j: $(READY)
	@$(BIN)/python -m tests.neo4j_server start

neo4j-stop: $(READY)
	@$(BIN)/python -m tests.neo4j_server stop

docs: $(READY)
	$(BIN)/python -m docs.derive

.PHONY: collection

collection: $(READY)
	$(BIN)/python examples/collection.py

.PHONY: audit sbom

# Known vulnerabilities of the exact versions, from PyPI's advisories (needs the internet); what it cannot ask fails.
audit:
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	build/audit/bin/pip-audit --strict --no-deps --disable-pip -r constraints.txt

# What a user gets, the jars and the Java inside arcadedb-embedded included, as CycloneDX.
sbom: $(READY)
	mkdir -p build
	$(BIN)/python -m docs.sbom > build/sbom.cdx.json

# Exact versions of everything that make installs; run it to move to newer ones.
constraints:
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/pip install --quiet --upgrade pip setuptools
	build/constraints/bin/pip install --quiet --group dev .
	build/constraints/bin/pip freeze --all --exclude tpugraph-db > constraints.txt

clean:
	rm -rf .venv .venv-* build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) pip setuptools
	$(PIP_INSTALL) --build-constraint constraints.txt --group dev -e .
	touch $@
