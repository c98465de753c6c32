# SPDX-License-Identifier: AGPL-3.0-or-later
APART += cbe/api/crm_routes.cc cbe/store/serial_codes.cc
$(eval $(call library,cbe,$(filter-out cbe/main.cc,$(wildcard cbe/*.cc cbe/*/*.cc))))
$(eval $(call program,cbed,cbe/main.cc,cbe common))
$(eval $(call unit_tests,cbe,cbe common))

# The officers' application, served by cbed from $(WEB)/cbe.
$(eval $(call web_application,cbe))
