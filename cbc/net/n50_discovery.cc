// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_discovery.h"

#include <algorithm>

namespace cbc {
namespace {

constexpr std::chrono::milliseconds kSoonest{5'000};
constexpr std::string_view kPath =
    "/nnrf-disc/v1/nf-instances?target-nf-type=AMF&requester-nf-type=CBCF&service-names=namf-comm";

}  // namespace

N50Discovery::N50Discovery(Parts parts, logs::Log log, OnFound on_found)
    : parts_(std::move(parts)),
      log_(std::move(log)),
      on_found_(std::move(on_found)),
      caller_({parts_.timers, parts_.call, nullptr, "CBCF"}, {}) {}

void N50Discovery::ask() {
    caller_.ask(http::Method::kGet, parts_.nrf + std::string(kPath), "", "",
                [this](const base::Result<http::Response>& answer) { answered(answer); });
}

base::Result<nnrf::Found> N50Discovery::found_in(const base::Result<http::Response>& answer) const {
    if (!answer) return answer.error();
    if (answer->status != 200) return base::refused("status " + std::to_string(answer->status));
    return nnrf::read_search_result(answer->body);
}

void N50Discovery::answered(const base::Result<http::Response>& answer) {
    std::chrono::milliseconds next = std::min(kSoonest, parts_.period);
    const auto found = found_in(answer);
    if (found) {
        const std::chrono::milliseconds valid = found->valid;
        next = valid.count() == 0 ? parts_.period : std::clamp(valid, next, std::max(next, parts_.period));
        on_found_(found->amfs);
    } else {
        log_.warning("n50.discovery.failed", {{"reason", found.error().text}});
    }
    again_ = parts_.timers.after(next, [this] { ask(); });
}

}  // namespace cbc
