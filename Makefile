# README's two commands are `make demo` and `make test`; each makes the environment first.
PYTHON ?= $(shell command -v python3.11 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Where to take torch from, where the default index has no CPU build: make demo TORCH_INDEX=https://…
TORCH_INDEX ?=
ARGS ?=
ONLY ?=

.PHONY: demo test test-slow bench lint setup clean

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Claimwatch needs Python 3.11: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	@echo "installing pinned dependencies into $(VENV) (about 3 GB, some minutes the first time)"
	$(BIN)/pip install --quiet --disable-pip-version-check torch==2.13.0 $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(READY)

setup: $(READY)

demo: $(READY)
	$(BIN)/claimwatch demo $(ARGS)

test: $(READY)
	$(BIN)/pytest -q -n 2 --dist loadfile $(ARGS)

test-slow: $(READY)
	$(BIN)/pytest -q -m slow --timeout 900 -n 2 --dist loadfile $(ARGS)

bench: $(READY)
	$(BIN)/python -m benchmarks.run $(ONLY)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
