// SPDX-License-Identifier: AGPL-3.0-or-later
//
// kvd: the smallest daemon on the frame that has rows worth losing. For tests and measurements of the
// replicated store, with real processes.
#pragma once

#include "common/frame/frame.h"
#include "tests/cluster/kvd/config.h"
#include "tests/cluster/kvd/imports.h"
#include "tests/cluster/kvd/routes.h"

namespace kvd {

class Daemon final : public frame::Application {
 public:
    // frame outlives the daemon.
    static base::Result<std::unique_ptr<Daemon>> open(frame::Frame& frame, const Config& config);

    base::Result<void> start() override { return {}; }
    void drain(std::function<void()> drained) override { drained(); }
    base::Result<void> reload(const Config&) { return {}; }

 private:
    Daemon(frame::Frame& frame, const Config& config, store::Blobs blobs);

    const store::Blobs blobs_;
    Routes routes_;
    Imports imports_;
};

}  // namespace kvd
