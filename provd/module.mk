# SPDX-License-Identifier: AGPL-3.0-or-later
$(eval $(call library,provd,$(filter-out %/main.cc,$(wildcard provd/*.cc provd/*/*.cc))))
$(eval $(call program,provd,provd/main.cc,provd common))
