# Everything a newcomer needs: each target sets itself up. PYTHON chooses the interpreter (3.11+).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo run test check bench screens wheel clean

demo: $(READY)
	$(BIN)/wa-console demo

run: $(READY)
	$(BIN)/wa-console

test: $(READY)
	$(BIN)/python -m pytest -q -n auto --dist loadfile

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python -m tests.bench

screens: $(READY)
	$(BIN)/python -m tests.ui.make_screens screens

wheel: $(READY)
	$(BIN)/python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .

# Bytecode is compiled at install: without it a first start is 3.6 times as slow.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'wa-console needs Python 3.11 or newer; set PYTHON=...' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
		|| { echo 'Python cannot make a virtual environment; on Debian: apt install python3-venv' >&2; exit 1; }
	$(PIP) install -q --compile -c constraints.txt hatchling editables
	$(PIP) install -q --compile --no-build-isolation -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q src
	@touch $@

clean:
	rm -rf $(VENV) dist screens .mypy_cache .ruff_cache .pytest_cache .hypothesis
