# SPDX-License-Identifier: AGPL-3.0-or-later
#
# The web applications: one npm workspace for all of them, built into $(WEB)/<daemon>, which the daemon serves.
#
#   $(eval $(call web_application,cbe))   $(WEB)/cbe from cbe/web and common/web, types from cbe/api/openapi.yaml

NPM ?= npm
WEB := $(BUILD)/web
NODE := $(BUILD)/tools/node/bin/node
WEB_TOOL := $(NODE) node_modules
WEB_APPS :=
WEB_STAMPS :=
WEB_BUDGET_KB := 250
NODE_PACKAGE := node-linux-$(if $(filter aarch64,$(shell uname -m)),arm64,x64)

WEB_GLOB := web/**/*.{ts,tsx,mjs,css,html}
laid_out = $(patsubst %,'%/$(WEB_GLOB)',$(1))
web_files = $(shell find $(1) -type d \( -name node_modules -o -name e2e \) -prune -o -type f -print)

# Any npm from 9 on, under any Node from 18 on, may do this step; everything after it runs on the Node it brings.
node_modules/.installed: package.json package-lock.json common/web/package.json $(wildcard */web/package.json)
	@echo "  NPM ci"
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@test -x node_modules/$(NODE_PACKAGE)/bin/node || { echo "npm ci did not bring $(NODE_PACKAGE)"; exit 1; }
	@touch $@

$(NODE): node_modules/.installed
	@mkdir -p $(BUILD)/tools
	@ln -sfn $(CURDIR)/node_modules/$(NODE_PACKAGE) $(BUILD)/tools/node
	@touch -h $(BUILD)/tools/node

define web_application
WEB_APPS += $(1)
WEB_STAMPS += $(WEB)/$(1).stamp
$(WEB)/generated/$(1)-api.d.ts: $(1)/api/openapi.yaml $(NODE)
	@mkdir -p $$(@D)
	@$(WEB_TOOL)/openapi-typescript/bin/cli.js $$< --output $$@ > $$@.log 2>&1 || { cat $$@.log; exit 1; }
$(WEB)/$(1).checked: $(call web_files,common/web $(1)/web) $(WEB)/generated/$(1)-api.d.ts
	@echo "  TSC $(1)/web"
	@$(NODE) common/web/tools/tsconfig.mjs $(1) $(abspath $(WEB)/generated) > $(WEB)/$(1).tsconfig.json
	@$(WEB_TOOL)/typescript/bin/tsc --project $(WEB)/$(1).tsconfig.json
	@$(NODE) common/web/tools/lock.mjs --check
	@$(NODE) common/web/tools/check-sources.mjs common/web/src $(1)/web/src
	@$(WEB_TOOL)/prettier/bin/prettier.cjs --check --log-level warn $(call laid_out,common $(1))
	@touch $$@
web: $(WEB)/$(1).stamp
$(WEB)/$(1).stamp: $(WEB)/$(1).checked
	@echo "  WEB $(WEB)/$(1)"
	@$(WEB_TOOL)/vite/bin/vite.js build $(1)/web --outDir $(abspath $(WEB)/$(1)) --emptyOutDir --logLevel warn
	@$(NODE) common/web/tools/finish.mjs $(WEB)/$(1) $(WEB_BUDGET_KB)
	@touch $$@
endef

.PHONY: web web-test web-fmt
web: ## build the web applications
web-test: $(NODE) ## unit tests of the web applications
	@$(WEB_TOOL)/vitest/vitest.mjs run --reporter=default --reporter=./common/web/tools/counts-reporter.mjs \
	    common/web $(addsuffix /web,$(WEB_APPS))
web-fmt: $(NODE) ## lay out the sources of the web applications
	@$(WEB_TOOL)/prettier/bin/prettier.cjs --write --log-level warn $(call laid_out,common $(WEB_APPS))

.PHONY: test-browser
test-browser: web $(BIN)/cbed $(BIN)/cbcd ## the officers' application in a browser, against the real daemons
	@$(PYTHON) cbe/web/tests/e2e/run.py $(abspath $(NODE)) $(WEB)/cbe
