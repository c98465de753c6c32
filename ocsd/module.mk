# SPDX-License-Identifier: AGPL-3.0-or-later
$(eval $(call library,ocsd,$(filter-out %/main.cc,$(wildcard ocsd/*.cc ocsd/*/*.cc))))
$(eval $(call program,ocsd,ocsd/main.cc,ocsd common))
