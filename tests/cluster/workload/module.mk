# SPDX-License-Identifier: AGPL-3.0-or-later
WORKLOAD := tests/cluster/workload
$(eval $(call library,workload,$(filter-out $(WORKLOAD)/main.cc,$(wildcard $(WORKLOAD)/*.cc))))
$(eval $(call test_program,workload,$(WORKLOAD)/main.cc,workload history_checker common))
