# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Packages that are needed, packages that are made, and the demo.

deps-build:
	@packaging/install-deps build --npm
deps-run:
	@packaging/install-deps build run --npm
deps-test:
	@packaging/install-deps build run test --npm

deb: $(PROGRAMS) $(WEB_STAMPS) ## make the Debian packages in build/deb
	@packaging/build-deb $(BUILD) $(BIN) $(VERSION)

FAROLCTL := $(filter-out %/main.cc,$(wildcard packaging/farolctl/*.cc))
ALONE += $(addprefix packaging/farolctl/,demo.cc peer.cc)
$(eval $(call library,farolctl,$(FAROLCTL)))
$(eval $(call program,farolctl,packaging/farolctl/main.cc,farolctl common))
$(eval $(call unit_tests,farolctl,farolctl common))

run: deps-run ## build and start everything with a demo network; Ctrl-C stops it
	@$(MAKE) -s -j$(JOBS) all $(BIN)/sctp_pipe
	@packaging/demo/run $(BUILD) $(BIN)
