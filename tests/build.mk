# SPDX-License-Identifier: AGPL-3.0-or-later
#
# How C++ is compiled and linked here. A module.mk says what exists, by four macros:
#
#   $(eval $(call library,NAME,SOURCES))              $(LIB)/libNAME.a
#   $(eval $(call program,BINARY,MAIN.cc,LIBS...))    $(BIN)/BINARY; LIBS in link order, most dependent first
#   $(eval $(call unit_tests,NAME,LIBS...))           one binary from tests/unit/NAME/*_test.cc
#   $(eval $(call test_program,NAME,SOURCE,LIBS...))  $(BIN)/NAME, a program that only tests run
#   $(eval $(call bench,NAME,SOURCE,LIBS...))         $(BIN)/NAME, run by `make bench`
#   $(eval $(call fuzz_target,NAME,SOURCE,LIBS...))   built with clang's libFuzzer by `make fuzz`

VARIANT := $(if $(SAN),san-$(SAN),plain)
OUT := $(BUILD)/$(VARIANT)
OBJ := $(OUT)/obj
LIB := $(OUT)/lib
BIN := $(OUT)/bin

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
ifeq ($(CCACHE),1)
CXX := ccache $(CXX)
endif

# Debian's headers are system headers: our warnings don't apply to them.
CXXFLAGS := -std=c++20 $(OPTIMISE) $(HARDENING) $(WARNINGS) -pthread -I. -MMD -MP
LDLIBS := -levent_openssl -levent_pthreads -levent -lcurl -lssl -lcrypto -llmdb -lsodium -lyaml-cpp -lfmt \
          -loath -lprometheus-cpp-core -lsystemd -lraft -luv -pthread

PROGRAMS :=
UNIT_TESTS :=
BENCHES :=
TEST_PROGRAMS :=
FUZZERS :=

objects = $(patsubst %.cc,$(OBJ)/%.o,$(1))
archives = $(patsubst %,$(LIB)/lib%.a,$(1))

define library
$(LIB)/lib$(1).a: $(call objects,$(2))
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
$(BIN)/unit_$(1): $(call objects,$(wildcard tests/unit/$(1)/*_test.cc)) $(OBJ)/tests/unit/$(1)/groups.o \
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

define fuzz_target
FUZZERS += $(BIN)/$(1)
$(BIN)/$(1): $(call objects,$(2)) $(call archives,$(3))
endef

$(OBJ)/%.o: %.cc
	@mkdir -p $(@D)
	@echo "  CXX $<"
	@$(CXX) $(CXXFLAGS) -c -o $@ $<

$(LIB)/%.a:
	@mkdir -p $(@D)
	@echo "  AR  $@"
	@rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(BIN)/%:
	@mkdir -p $(@D)
	@echo "  LD  $@"
	@$(CXX) $(LINK_MODE) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)
