# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Packages that are needed, packages that are made, and the demo.

deps-build:
	@packaging/install-deps build --npm
deps-run:
	@packaging/install-deps build run --npm
deps-test:
	@packaging/install-deps build run test --npm

deb: $(PROGRAMS) ## make the Debian packages in build/deb
	@packaging/build-deb $(BUILD) $(BIN) $(VERSION)
