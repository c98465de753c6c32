# SPDX-License-Identifier: AGPL-3.0-or-later
$(eval $(call library,test_support,$(wildcard tests/support/*.cc)))
