# SPDX-License-Identifier: AGPL-3.0-or-later
#
# The targets that check. Which stages `check`, `test` and `test-all` have is in tests/stages.conf.
# Each program that uses some of it has not the libraries for all of it.
ALONE += tests/support/%
$(eval $(call library,test_support,$(wildcard tests/support/*.cc)))
$(eval $(call test_program,kvd,tests/store/kvd.cc tests/store/file_journal.cc,common))
$(eval $(call test_program,cluster_kvd,$(wildcard tests/cluster/kvd/*.cc),common))
$(eval $(call test_program,sctp_pipe,tests/sctp/sctp_pipe.cc,common))
$(eval $(call test_program,peer_mass,$(wildcard tests/peers/mass/*.cc),cbc asn1 common))
$(eval $(call test_program,kv_load,tests/cluster/kv_load.cc,test_support common))
$(eval $(call bench,bench_store,tests/bench/bench_store.cc,common))
include tests/cluster/checker/module.mk tests/cluster/workload/module.mk

export BUILD SAN JOBS PYTHON
UNIT ?= $(notdir $(UNIT_TESTS))
SECONDS_EACH ?= 60
CXX_FILES = $(shell find $(SOURCE_DIRS) -name node_modules -prune -o \
              '(' -name '*.cc' -o -name '*.h' ')' -print)

.PHONY: unit
unit: $(addprefix $(BIN)/,$(UNIT)) ## run the unit tests (UNIT=unit_cbc, SAN=address|thread)
	@failed=0; for one in $^; do "$$one" || failed=1; done; exit $$failed

check: ## the quick part of the tests, offline (3 minutes)
	@$(PYTHON) tests/stages quick

test: deps-test ## everything CI runs (40 minutes)
	@$(PYTHON) tests/stages ci

test-all: deps-test ## everything, long rounds and fuzzing too (hours)
	@$(PYTHON) tests/stages all

rules: ## which rules of the officers' application have a test; fails for one that only comments name
	@$(PYTHON) tests/rules/test_report.py --quiet && $(PYTHON) tests/rules/report.py

conformance: $(BIN)/unit_cbc $(BIN)/unit_cbc_mutated $(BIN)/cbcd ## every procedure, element and cause has a test that fails without it
	@$(PYTHON) tests/conformance/run $(OUT) $(ROWS)

BENCH_SCRIPTS := tests/bench/bench_cluster tests/bench/bench_peers
bench: $(BENCHES) $(TEST_PROGRAMS) ## measure; `name value unit` on a line, and JSON in build/bench
	@$(PYTHON) tests/bench/run $(BUILD)/bench $(BENCHES) $(BENCH_SCRIPTS)

# The fuzzers need clang and their own build: a make of its own with SAN=fuzzer.
fuzz: ## fuzz every decoder (SECONDS_EACH=60)
	@$(MAKE) -s SAN=fuzzer run-fuzzers

# Another seed each day, printed; with g++, our own mutations and SAN=address.
SEED ?= $(shell date -u +%Y%m%d)
fuzz-sample: ## a few seconds of each fuzz target, from the corpus (SEED=, SECONDS_EACH=5)
	@$(MAKE) -s SAN=address SECONDS_EACH=$(if $(filter file,$(origin SECONDS_EACH)),5,$(SECONDS_EACH)) run-fuzzers

.PHONY: run-fuzzers
run-fuzzers: $(FUZZERS)
	@$(PYTHON) tests/fuzz/run $(BUILD)/fuzz $(SECONDS_EACH) $(SEED) $(FUZZERS)

fmt: ## lay out the C++ sources
	@clang-format -i $(CXX_FILES)

lint: ## layers, formatting, headers of files, lengths, shell, units
	@$(PYTHON) tests/lint/run $(CXX_FILES)

test-fresh: deps-test ## a newcomer's hour: the README's two commands in a clean Debian 12 root
	@tests/fresh/fresh $(BUILD)
