# SPDX-License-Identifier: AGPL-3.0-or-later
#
# The targets that check. Which stages `check`, `test` and `test-all` have is in tests/stages.conf.
$(eval $(call library,test_support,$(wildcard tests/support/*.cc)))
$(eval $(call test_program,kvd,tests/store/kvd.cc,common))
$(eval $(call test_program,kv_load,tests/cluster/kv_load.cc,test_support common))
