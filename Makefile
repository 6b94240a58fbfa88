# make app     the dashboard on http://127.0.0.1:8501 (DATA=/path/to/tree opens a real GeoLifeCLEF tree)
# make test    all tests but the slow ones        make test-slow   those
# make check   ruff and mypy                      make bench       figures of speed
# make lock    exact versions with hashes          make audit   known holes in them
# make faults  damaged files, hostile input and kills: a table of what survived
# Each sets up what it needs in .venv/ and static/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := $(VENV)/tools
DEMO := data/virtual-europe-demo
export OMP_WAIT_POLICY := PASSIVE
# Two processes share the tests: the walks, which one of them takes, keep a server and a browser busy besides. A third
# gained seven per cent on two idle cores (418 s against 447 s).
test test-slow: export OMP_NUM_THREADS := 1
ifdef DATA
export SDM_DATA := $(DATA)
endif

.PHONY: app audit bench check clean faults lock test test-slow

# A virtual Europe of an earlier version is written again; one of this version is left as it is.
app: $(VENV)/.app static/leaflet.js
	$(if $(DATA),,$(BIN)/python -m sdm demo --renew --size demo --out $(DEMO))
	$(BIN)/streamlit run app.py

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy sdm app.py pages

test: $(VENV)/.test static/leaflet.js
	$(BIN)/python -m pytest -n 2 -m "not slow and not network" --durations=12

test-slow: $(VENV)/.test static/leaflet.js
	$(BIN)/python -m pytest -m slow

faults: export OMP_NUM_THREADS := 1
faults: $(VENV)/.test static/leaflet.js
	$(BIN)/python -m tests.faults

bench: $(VENV)/.test static/leaflet.js $(DEMO)
	$(BIN)/python -m benchmarks

# For all systems and Pythons at once; the oldest Python that is supported decides where versions differ.
lock: $(TOOLS)/.made
	$(TOOLS)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
	  --output-file .ci/requirements.lock requirements.txt tests/requirements.txt

audit: $(TOOLS)/.made
	$(TOOLS)/bin/python .ci/audit.py $(TOOLS)/bin/pip-audit

$(DEMO): | $(VENV)/.app
	$(BIN)/python -m sdm demo --size demo --out $@

static/leaflet.js: | $(VENV)/.app
	$(BIN)/python -m sdm.maps.leaflet

# One pip run each, so that nothing replaces the pinned torch.
$(VENV)/.app: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.x")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.test: requirements.txt tests/requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.x")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r tests/requirements.txt
	touch $(VENV)/.app $@

# Apart from the app, whose versions they must not decide.
$(TOOLS)/.made: .ci/tools.txt
	test -x $(TOOLS)/bin/python || $(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r .ci/tools.txt
	touch $@

clean:
	rm -rf $(VENV) static .mypy_cache .ruff_cache .pytest_cache .hypothesis
