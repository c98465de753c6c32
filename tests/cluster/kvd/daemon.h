// SPDX-License-Identifier: AGPL-3.0-or-later
//
// kvd: the smallest daemon on the frame that has rows worth losing. For tests and measurements of the
// replicated store, with real processes.
#pragma once

#include "common/frame/frame.h"
#include "common/store/idempotency.h"
#include "tests/cluster/kvd/config.h"
#include "tests/cluster/kvd/imports.h"
#include "tests/cluster/kvd/routes.h"

namespace kvd {

class Daemon final : public frame::Application {
 public:
    // frame outlives the daemon.
    Daemon(frame::Frame& frame, const Config& config);

    base::Result<void> start() override;
    void drain(std::function<void()> drained) override;
    base::Result<void> reload(const Config&) { return {}; }

 private:
    frame::Frame& frame_;
    Routes routes_;
    Imports imports_;
    std::optional<store::ResponsePruner> pruner_;
};

}  // namespace kvd
