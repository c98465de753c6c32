// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The metrics of cbed (E7) and the records of decisions.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "cbe/api/context.h"
#include "common/metrics/metrics.h"

namespace cbe {

class AlertFigures final : public Figures {
 public:
    // `locked` is called when somebody was locked.
    AlertFigures(metrics::Registry& registry, Mode mode, logs::Log log, std::function<void()> locked);

    void signed_in(std::string_view result) override;
    void approval_refused(RefusalCode code) override;
    void decisions_locked(const UserId& user) override;
    void decided(const Alert& alert, std::string_view action, const Person& person) override;

    // A row of alerts was written; counts statuses and transitions.
    void alert_written(const Alert& alert);
    void streams(size_t count);

 private:
    metrics::Registry& registry_;
    std::string mode_;
    logs::Log log_;
    std::function<void()> locked_;
    std::map<AlertId, Status> statuses_;
    metrics::Gauge streams_;
    metrics::Histogram submit_to_approve_;
    metrics::Histogram approve_to_confirm_;
};

}  // namespace cbe
