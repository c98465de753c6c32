// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/health.h"

#include <algorithm>

namespace frame {

std::string_view to_string(Status status) {
    switch (status) {
        case Status::kOk:
            return "ok";
        case Status::kDegraded:
            return "degraded";
        case Status::kDown:
            return "down";
    }
    return "unknown";
}

std::string_view to_string(Phase phase) {
    switch (phase) {
        case Phase::kStarting:
            return "starting";
        case Phase::kServing:
            return "serving";
        case Phase::kDraining:
            return "draining";
    }
    return "unknown";
}

void Health::set(const std::string& name, Status status, std::string hint) {
    const auto [at, added] = checks_.try_emplace(name, Check{status, clock_.now(), hint});
    if (added) return;
    if (at->second.status != status) at->second.since = clock_.now();
    at->second.status = status;
    at->second.hint = std::move(hint);
}

void Health::forget(const std::string& name) { checks_.erase(name); }

Status Health::overall() const {
    if (phase_ != Phase::kServing) return Status::kDown;
    Status worst = Status::kOk;
    for (const auto& [name, check] : checks_) worst = std::max(worst, check.status);
    return worst;
}

std::string Health::sentence() const {
    if (phase_ != Phase::kServing) return std::string(to_string(phase_));
    const Status worst = overall();
    if (worst == Status::kOk) return "ok";
    for (const auto& [name, check] : checks_)
        if (check.status == worst)
            return std::string(to_string(worst)) + ": " + name +
                   (check.hint.empty() ? "" : ": " + check.hint);
    return std::string(to_string(worst));
}

}  // namespace frame
