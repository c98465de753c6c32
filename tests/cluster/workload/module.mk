# SPDX-License-Identifier: AGPL-3.0-or-later
WORKLOAD := tests/cluster/workload
$(eval $(call test_program,workload,$(wildcard $(WORKLOAD)/*.cc),history_checker common))
