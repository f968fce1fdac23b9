# `make run` opens the app, `make test` passes the tests; both install what they need first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Errors alone are told: a warning about a package of a package is nothing to act on.
PIP := $(BIN)/python -m pip install -qq
# Two processes, and whichever is free takes over what waits for the other.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist worksteal

# The tests start the program a hundred times; with nothing compiled kept, each time compiles it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check fmt golden bench pictures reference docs

run: $(VENV)/installed
	@$(BIN)/python -m annotator serve $(if $(PORT),--port $(PORT))

test: $(VENV)/installed-dev
	$(PYTEST)

check: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(PYTEST)

fmt: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(VENV)/installed-dev
	$(BIN)/python -m pytest --update-golden

bench: $(VENV)/installed-dev
	$(BIN)/python -m bench

pictures: $(VENV)/installed-dev
	$(BIN)/python -m docs.pictures

reference: $(VENV)/installed
	$(BIN)/python -m docs.from_code

docs: $(VENV)/installed-docs
	$(BIN)/python -m docs.site

$(VENV)/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("annotator needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	@echo "Installing into $(VENV); the first time, this takes a minute or two."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.txt
	@$(PIP) --no-deps --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	@$(PIP) -r requirements-dev.txt
	touch $@

$(VENV)/installed-docs: $(VENV)/installed requirements-docs.txt
	@$(PIP) -r requirements-docs.txt
	touch $@
