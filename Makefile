# Two targets do everything: `make demo` and `make test`. Both install what they need into .venv; they assume
# Rust, CPython 3.11 or later with pip, a C++ compiler and make.
VENV := $(CURDIR)/.venv
PYTHON := $(VENV)/bin/python
SURVEY := tests/data/young-people-survey/responses.csv

# HiGHS is built with CMake and bindgen; both tools come from PyPI, so that no root is needed.
export PATH := $(VENV)/bin:$(PATH)
LIBCLANG = LIBCLANG_PATH="$$($(PYTHON) -c 'import clang; print(clang.__path__[0])')/native"
CARGO = $(LIBCLANG) cargo

.PHONY: demo test test-rust test-microlp test-python python lint doc deny bench bench-peers clean

## Match real survey answers, and compare with a greedy match.
demo: $(VENV)/.tools
	$(CARGO) run --quiet --release -p nearpeer --example demo -- $(SURVEY) out/demo

## Every test, Rust and Python.
test: test-rust test-microlp test-python

test-rust: $(VENV)/.tools
	$(CARGO) test --release --workspace

# The pure-Rust solver passes the same tests of correctness. It needs no C++ compiler.
test-microlp: $(VENV)/.tools
	$(CARGO) test --release -p nearpeer-core --no-default-features --features microlp

# The command is there once the Rust tests are built.
test-python: python
	$(CARGO) test --quiet --release --workspace --no-run
	$(PYTHON) -m pytest
	$(PYTHON) -m mypy
	MYPYPATH=python $(PYTHON) -m mypy.stubtest nearpeer --mypy-config-file pyproject.toml

## Build the Python module into .venv.
python: $(VENV)/.test-tools
	$(LIBCLANG) VIRTUAL_ENV=$(VENV) $(VENV)/bin/maturin develop --quiet --release

## Formats and lints.
lint: $(VENV)/.test-tools
	$(CARGO) fmt --all --check
	$(CARGO) clippy --release --workspace --all-targets -- -D warnings
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check

doc: $(VENV)/.tools
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --release --workspace --no-deps

## Licences and sources of every crate; needs no network once cargo-deny is built.
deny: $(VENV)/cargo/bin/cargo-deny
	$(VENV)/cargo/bin/cargo-deny --offline check licenses bans sources

## Times of the hot paths, of a match from a Polars frame, and of `assign` against SciPy.
bench: python
	$(CARGO) bench -p nearpeer
	$(PYTHON) benches/frames.py
	$(PYTHON) benches/assign.py

## Times and memory of nearpeer and its peers, written into docs/performance.md.
bench-peers: python $(VENV)/.bench-tools
	$(PYTHON) benches/peers.py --doc docs/performance.md

$(VENV)/.tools:
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install --quiet cmake libclang
	touch $@

# The dependencies are those of pyproject.toml.
EXTRA = $(PYTHON) -c 'import tomllib; print("\n".join(tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["$(1)"]))' > $(VENV)/$(1)-requirements.txt && $(PYTHON) -m pip install --quiet -r $(VENV)/$(1)-requirements.txt

$(VENV)/.test-tools: $(VENV)/.tools pyproject.toml
	$(PYTHON) -m pip install --quiet "maturin>=1.9.4,<2"
	$(call EXTRA,test)
	touch $@

$(VENV)/.bench-tools: $(VENV)/.tools pyproject.toml
	$(call EXTRA,bench)
	touch $@

$(VENV)/cargo/bin/cargo-deny: $(VENV)/.tools
	$(CARGO) install --quiet --locked --root $(VENV)/cargo cargo-deny

clean:
	cargo clean
	rm -rf $(VENV) out
