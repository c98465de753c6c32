# SPDX-License-Identifier: AGPL-3.0-or-later
$(eval $(call library,crmd,$(filter-out %/main.cc,$(wildcard crmd/*.cc crmd/*/*.cc))))
$(eval $(call program,crmd,crmd/main.cc,crmd common))
