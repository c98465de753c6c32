# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Farol's one Makefile. `make help` lists what a person calls; each folder's module.mk says what is built from it.
#
#   BUILD=DIR             where everything made goes (default: build)
#   SAN=address|thread    sanitised build, kept apart from the plain one
#   CCACHE=1              compile through ccache
#   PCH=                  compile without precompiled headers
#   UNITE=8               compile eight files of a folder as one

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

BUILD ?= build
SAN ?=
CCACHE ?=
VERSION := $(shell cat VERSION)
COMMIT := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
PYTHON ?= /usr/bin/python3
JOBS ?= $(shell nproc)

SOURCE_DIRS := common cbc cbe ocsd provd crmd packaging tests
include tests/build.mk
include common/module.mk common/web/module.mk asn1/module.mk cbc/module.mk cbe/module.mk ocsd/module.mk provd/module.mk crmd/module.mk
include packaging/module.mk tests/module.mk

.PHONY: all run check test test-all test-fresh bench fuzz fuzz-sample fmt lint deb clean help deps-build deps-test deps-run

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort -u | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

all: $(PROGRAMS) web ## build every daemon, farolctl and the pages

clean: ## remove everything that was built
	rm -rf $(BUILD)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

.PHONY: build-tests
build-tests: $(PROGRAMS) $(UNIT_TESTS) $(TEST_PROGRAMS)
