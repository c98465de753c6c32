# SPDX-License-Identifier: AGPL-3.0-or-later
ALONE += $(patsubst %,cbc/%.cc,domain/cause store/target_rows store/warning_store)
APART += $(patsubst %,cbc/%.cc,api/peer_routes api/request_json domain/alert domain/cell_row domain/delivery) \
    $(patsubst %,cbc/net/%.cc,n50_tokens request_queue sabp_requests stream_link) \
    $(patsubst %,cbc/wire/%.cc,cbsp_encode ngap_codec sabp_codec sbcap_encode) \
    $(patsubst %,tests/unit/cbc/%_test.cc,ngap_codec sabp_codec sabp_framer sbcap_codec)
$(eval $(call library,cbc,$(filter-out cbc/main.cc,$(wildcard cbc/*.cc cbc/*/*.cc))))
$(eval $(call program,cbcd,cbc/main.cc,cbc asn1 common))
$(eval $(call unit_tests,cbc,cbc asn1 common))
$(eval $(call test_program,cbsp_samples,tests/vectors/cbsp/print_samples.cc,test_support cbc asn1 common))
# The fuzzers link just what they need, so that clang compiles little.
CBSP_SOURCES := $(wildcard common/base/*.cc common/cbs/*.cc cbc/wire/cbsp_*.cc) cbc/wire/framer.cc cbc/wire/plmn.cc \
    cbc/domain/place.cc
$(eval $(call fuzz_target,cbsp_fuzz,tests/fuzz/cbsp_fuzz.cc $(CBSP_SOURCES),))
PER_SOURCES := $(wildcard common/base/*.cc common/cbs/*.cc) cbc/domain/place.cc \
    $(addprefix cbc/wire/,elements.cc message_codec.cc value_parts.cc plmn.cc)
$(eval $(call fuzz_target,sbcap_fuzz,tests/fuzz/sbcap_fuzz.cc $(wildcard cbc/wire/sbcap_*.cc) $(PER_SOURCES),asn1))
$(eval $(call fuzz_target,ngap_fuzz,tests/fuzz/ngap_fuzz.cc $(wildcard cbc/wire/ngap_*.cc) $(PER_SOURCES),asn1))
$(eval $(call fuzz_target,sabp_fuzz,tests/fuzz/sabp_fuzz.cc $(wildcard cbc/wire/sabp_*.cc) cbc/wire/framer.cc $(PER_SOURCES),asn1))
N50_SOURCES := $(wildcard cbc/wire/n50_*.cc cbc/wire/nnrf_*.cc common/base/*.cc common/cbs/*.cc common/json/*.cc) \
    cbc/domain/place.cc
$(eval $(call fuzz_target,n50_fuzz,tests/fuzz/n50_fuzz.cc $(N50_SOURCES),))
ECBE_SOURCES := $(addprefix cbc/,api/ecbe_body.cc domain/message_content.cc domain/place.cc) \
    $(wildcard common/base/*.cc common/cbs/*.cc common/json/*.cc)
$(eval $(call fuzz_target,ecbe_fuzz,tests/fuzz/ecbe_fuzz.cc $(ECBE_SOURCES),))
$(eval $(call bench,bench_cbsp,tests/bench/bench_cbsp.cc,cbc asn1 common))
$(eval $(call bench,bench_targeting,tests/bench/bench_targeting.cc,cbc asn1 common))
$(eval $(call bench,bench_cbc,tests/bench/bench_cbc.cc tests/peers/mass/fake_bsc.cc,test_support cbc asn1 common))

# The unit tests once more, with encoders that leave out the element that FAROL_MUTATE names (cbc/wire/mutation.h). Only
# `make conformance` runs it; these objects come before the library's own.
MUTATED := $(patsubst %,$(OBJ)/mutated/cbc/wire/%.o,cbsp_encode sbcap_encode ngap_codec sabp_codec)
$(OBJ)/mutated/cbc/wire/%.o: cbc/wire/%.cc $(PRECOMPILED) | $(ASN1_GENERATED)
	@mkdir -p $(@D)
	@echo "  CXX $< (mutable)"
	@$(CXX) $(CXXFLAGS) $(ASN1_INCLUDES) $(call include_precompiled,$<) -DFAROL_MUTATIONS='"$(firstword $(subst _, ,$*))"' -c -o $@ $<
$(BIN)/unit_cbc_mutated: $(MUTATED) $(call united_objects,$(wildcard tests/unit/cbc/*_test.cc)) $(OBJ)/tests/unit/cbc/groups.o \
                         $(call archives,test_support cbc asn1 common)
$(BIN)/unit_cbc_mutated: LDLIBS += -lcmocka
ifeq ($(SAN),)
TEST_PROGRAMS += $(BIN)/unit_cbc_mutated
endif

.PHONY: vectors
vectors: $(BIN)/cbsp_samples
	@$(PYTHON) tests/vectors/cbsp/check_cbsp_tshark.py $<
