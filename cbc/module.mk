# SPDX-License-Identifier: AGPL-3.0-or-later
$(eval $(call library,cbc,$(filter-out cbc/main.cc,$(wildcard cbc/*.cc cbc/*/*.cc))))
$(eval $(call unit_tests,cbc,cbc common))
