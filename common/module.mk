# SPDX-License-Identifier: AGPL-3.0-or-later
$(eval $(call library,common,$(wildcard common/*/*.cc)))
$(eval $(call unit_tests,common,common))
