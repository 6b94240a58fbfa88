# make app     the dashboard on http://127.0.0.1:8501 (DATA=/path/to/tree opens a real GeoLifeCLEF tree)
# make test    all tests but the slow ones        make test-slow   those
# make check   ruff and mypy                      make bench       figures of speed
# Each sets up what it needs in .venv/ and static/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := data/virtual-europe-demo
export OMP_WAIT_POLICY := PASSIVE
# Several processes share the tests.
test test-slow: export OMP_NUM_THREADS := 1
ifdef DATA
export SDM_DATA := $(DATA)
endif

.PHONY: app bench check test test-slow clean

app: $(VENV)/.app static/leaflet.js $(if $(DATA),,$(DEMO))
	$(BIN)/streamlit run app.py

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy sdm app.py pages

test: $(VENV)/.test static/leaflet.js
	$(BIN)/python -m pytest -n 2 -m "not slow" --durations=12

test-slow: $(VENV)/.test static/leaflet.js
	$(BIN)/python -m pytest -m slow

bench: $(VENV)/.test static/leaflet.js $(DEMO)
	$(BIN)/python -m benchmarks

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

clean:
	rm -rf $(VENV) static .mypy_cache .ruff_cache .pytest_cache .hypothesis
