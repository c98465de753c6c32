# SPDX-License-Identifier: AGPL-3.0-or-later
CHECKER := tests/cluster/checker
$(eval $(call library,history_checker,$(filter-out $(CHECKER)/main.cc,$(wildcard $(CHECKER)/*.cc))))
$(eval $(call test_program,check_history,$(CHECKER)/main.cc,history_checker common))
# Tests that reopen the namespace of what they test.
ALONE += tests/unit/checker/%
$(eval $(call unit_tests,checker,workload history_checker common))
$(eval $(call test_program,faulty_server,$(wildcard $(CHECKER)/faulty_server/*.cc),common))
