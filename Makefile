# `make test` runs every check that needs no release.
VENV := .venv
.PHONY: test tools clean

# HiGHS is built with CMake and bindgen; both tools come from PyPI, so that no root is needed.
tools: $(VENV)/.tools
$(VENV)/.tools:
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet cmake libclang
	touch $@

test: tools
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" \
	LIBCLANG_PATH="$$($(VENV)/bin/python -c 'import clang, pathlib; print(pathlib.Path(clang.__path__[0]) / "native")')" \
	cargo test --release --workspace

clean:
	cargo clean
	rm -rf $(VENV) out
