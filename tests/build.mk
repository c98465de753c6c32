# SPDX-License-Identifier: AGPL-3.0-or-later
#
# How C++ is compiled and linked here. A module.mk says what exists, by four macros:
#
#   $(eval $(call library,NAME,SOURCES))              $(LIB)/libNAME.a
#   $(eval $(call program,BINARY,MAIN.cc,LIBS...))    $(BIN)/BINARY; LIBS in link order, most dependent first
#   $(eval $(call unit_tests,NAME,LIBS...))           one binary from tests/unit/NAME/*_test.cc
#   $(eval $(call test_program,NAME,SOURCE,LIBS...))  $(BIN)/NAME, a program that only tests run
#   $(eval $(call bench,NAME,SOURCE,LIBS...))         $(BIN)/NAME, run by `make bench`
#   $(eval $(call fuzz_target,NAME,SOURCE,LIBS...))   run by `make fuzz` and `make fuzz-sample`

VARIANT := $(if $(SAN),san-$(SAN),plain)
OUT := $(BUILD)/$(VARIANT)
OBJ := $(OUT)/obj
LIB := $(OUT)/lib
BIN := $(OUT)/bin

CC := gcc
CXX := g++
AR := ar
HARDENING := -fstack-protector-strong -fcf-protection -ftrivial-auto-var-init=zero -fPIE
OPTIMISE := -O2 -g1 -D_FORTIFY_SOURCE=3
LINK_MODE := -pie -Wl,-z,relro,-z,now -Wl,--as-needed
ifeq ($(SAN),address)
OPTIMISE := -O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
LINK_MODE += -fsanitize=address,undefined
else ifeq ($(SAN),thread)
OPTIMISE := -O1 -g1 -fno-omit-frame-pointer -fsanitize=thread
LINK_MODE += -fsanitize=thread
else ifeq ($(SAN),fuzzer)
CXX := clang++
HARDENING := -fPIE
OPTIMISE := -O1 -g1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LINK_MODE := -Wl,--as-needed -fsanitize=fuzzer,address,undefined
else ifneq ($(SAN),)
$(error SAN=$(SAN) is not known; use SAN=address or SAN=thread)
endif
WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Werror
ifneq ($(filter address thread,$(SAN)),)
# g++ 12 sees uninitialised values in what the sanitisers insert (fmt's arguments, std::optional).
WARNINGS += -Wno-maybe-uninitialized
endif
ifeq ($(SAN),fuzzer)
WARNINGS := -Wall -Wextra -Werror -Wno-unused-command-line-argument
endif
# What makes a clean build fast: precompiled headers, and up to UNITE files of a folder compiled as one, because most of
# their time goes into the same headers (tests/support/united.sh). PCH= and UNITE= do without. Both hide an #include that
# is missing: so ccache, clang and the sanitised build of `make test-all` go without them.
PCH ?= 1
UNITE ?= 8
ifeq ($(CCACHE),1)
CXX := ccache $(CXX)
PCH :=
UNITE :=
endif
ifeq ($(SAN),fuzzer)
PCH :=
UNITE :=
endif
# Files that are never united, and files that are united among themselves: because they have a helper's name in common
# with another file of their folder (a forgotten one costs time, nothing else), or because a test puts others in their place.
ALONE :=
APART :=

# Debian's headers are system headers: our warnings don't apply to them.
CXXFLAGS := -std=c++20 $(OPTIMISE) $(HARDENING) $(WARNINGS) -pthread -I. -MMD -MP
LDLIBS := -levent_openssl -levent_pthreads -levent -lcurl -lnghttp2 -lssl -lcrypto -llmdb -lsodium -lyaml-cpp -lfmt \
          -loath -lqrencode -lprometheus-cpp-core -lsystemd -lraft -luv -lasn1c -ltalloc -lsctp -lgeos_c -pthread

COMMA := ,

PROGRAMS :=
UNIT_TESTS :=
BENCHES :=
TEST_PROGRAMS :=
FUZZERS :=

objects = $(patsubst %.cc,$(OBJ)/%.o,$(1))

# The objects of sources that may be united, folder by folder. A group is named by its first and last file and their
# number, so another grouping is another object.
united_objects = $(if $(UNITE),$(call objects,$(filter $(ALONE),$(1))) $(foreach folder,$(sort $(dir $(1))),$(strip \
    $(call groups,$(filter-out $(ALONE) $(APART),$(call files_in,$(folder),$(1)))) \
    $(call groups,$(filter-out $(ALONE),$(filter $(APART),$(call files_in,$(folder),$(1))))))),$(call objects,$(1)))
files_in = $(foreach file,$(2),$(if $(filter $(1),$(dir $(file))),$(file)))
groups = $(if $(1),$(call group,$(wordlist 1,$(UNITE),$(1))) $(call groups,$(wordlist $(AFTER_UNITE),9999,$(1))))
group = $(if $(word 2,$(1)),$(eval $(call united_object,$(call group_object,$(1)),$(1)))$(call group_object,$(1)),$(call objects,$(1)))
group_object = $(OBJ)/united/$(basename $(firstword $(1)))-$(notdir $(basename $(lastword $(1))))-$(words $(1)).o
AFTER_UNITE := $(if $(UNITE),$(shell echo $$(($(UNITE) + 1))))

define united_object
$(1): $(2) $(PRECOMPILED) tests/support/united.sh | $(if $(filter $(ASN1_USERS),$(2)),$(ASN1_GENERATED))
$(1): private UNITED := $(2)
endef

archives = $(patsubst %,$(LIB)/lib%.a,$(1))

define library
$(LIB)/lib$(1).a: $(call united_objects,$(2))
endef

define program
PROGRAMS += $(BIN)/$(1)
$(BIN)/$(1): $(call objects,$(2)) $(call archives,$(3))
endef

# The test list is made from the file names: x_test.cc defines the group x (see tests/support/test.h).
define unit_tests
UNIT_TESTS += $(BIN)/unit_$(1)
$(OBJ)/tests/unit/$(1)/groups.cc: $(wildcard tests/unit/$(1)/*_test.cc) tests/support/groups.sh tests/unit/$(1)
	@mkdir -p $$(@D)
	@bash tests/support/groups.sh tests/unit/$(1) > $$@
$(OBJ)/tests/unit/$(1)/groups.o: $(OBJ)/tests/unit/$(1)/groups.cc
	@mkdir -p $$(@D)
	$$(CXX) $$(CXXFLAGS) -c -o $$@ $$<
$(BIN)/unit_$(1): $(call united_objects,$(wildcard tests/unit/$(1)/*_test.cc)) $(OBJ)/tests/unit/$(1)/groups.o \
                  $(call archives,test_support $(2))
$(BIN)/unit_$(1): LDLIBS += -lcmocka
endef

define bench
BENCHES += $(BIN)/$(1)
$(BIN)/$(1): $(call objects,$(2)) $(call archives,$(3))
endef

# A small program that only tests run.
define test_program
TEST_PROGRAMS += $(BIN)/$(1)
$(BIN)/$(1): $(call objects,$(2)) $(call archives,$(3))
endef

# clang brings the main() of a fuzz target; g++ takes ours, which knows less (tests/fuzz/sample.cc). United, the sources
# are in the libraries, which are there already.
define fuzz_target
FUZZERS += $(BIN)/$(1)
$(BIN)/$(1): $(call objects,$(if $(UNITE),$(filter tests/%,$(2)),$(2)) $(if $(filter fuzzer,$(SAN)),,tests/fuzz/sample.cc)) \
    $(call archives,$(if $(UNITE),cbc asn1 common,$(3)))
endef

# Precompiled headers: json.hh for the files that include <nlohmann/json.hpp>, std.hh for all others (they would lose by
# json.hh). g++ refuses one that was made with other flags; a change of the flags or of a system header makes it anew.
PCH_DIR := $(OUT)/pch
ifneq ($(PCH),)
PRECOMPILED := $(PCH_DIR)/std.hh.gch $(PCH_DIR)/json.hh.gch
JSON_HEADER := nlohmann/json\.hpp
# The headers that bring it, and one step further, the headers that include those.
bringing = $(shell grep -rlE --exclude-dir=node_modules --include=$(1) \
    'include ["<]($(subst $(eval ) ,|,$(strip $(2))))[">]' $(SOURCE_DIRS))
JSON_HEADERS := $(call bringing,'*.h',$(JSON_HEADER))
JSON_HEADERS += $(call bringing,'*.h',$(JSON_HEADER) $(JSON_HEADERS))
JSON_SOURCES := $(call bringing,'*.cc',$(JSON_HEADER) $(JSON_HEADERS))
# Headers in a precompiled one are no longer system headers to g++ 12's optimiser, which then warns of code in <string>
# and <optional> that cannot run (it stays silent about the same code without). Of what sanitisers insert there it would
# warn all the more; the plain build has judged the same sources.
PCH_FLAGS := $(if $(SAN),-w,-Winvalid-pch -Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow -Wno-restrict)
include_precompiled = $(PCH_FLAGS) -include $(PCH_DIR)/$(if $(filter $(JSON_SOURCES),$(1)),json,std).hh
endif

$(PRECOMPILED:.gch=): $(PCH_DIR)/%.hh: tests/support/pch/%.hh $(PCH_DIR)/flags
	@cp $< $@

$(PRECOMPILED): %.gch: %
	@echo "  PCH $@"
	@$(CXX) $(filter-out -MMD,$(CXXFLAGS)) -MD -x c++-header -c -o $@ $<

# Looked at each time, written only when they changed; two makes may look at once.
$(PCH_DIR)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(CXX) $(CXXFLAGS)' "$$($(CXX) --version | head -n 1)" > $@.$$$$; \
	if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi

$(OBJ)/%.o: %.cc $(PRECOMPILED)
	@mkdir -p $(@D)
	@echo "  CXX $<"
	@$(CXX) $(CXXFLAGS) $(call include_precompiled,$<) -c -o $@ $<

$(OBJ)/united/%.o:
	@mkdir -p $(@D)
	@echo "  CXX $(dir $*){$(subst $(eval ) ,$(COMMA),$(basename $(notdir $(UNITED))))}.cc"
	@bash tests/support/united.sh $@ $(UNITED) -- $(CXX) $(CXXFLAGS) \
	    $(if $(filter $(ASN1_USERS),$(UNITED)),$(ASN1_INCLUDES)) $(call include_precompiled,$(UNITED))

$(LIB)/%.a:
	@mkdir -p $(@D)
	@echo "  AR  $@"
	@rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(BIN)/%:
	@mkdir -p $(@D)
	@echo "  LD  $@"
	@$(CXX) $(LINK_MODE) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)
