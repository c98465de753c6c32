// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/daemon.h"

namespace kvd {

base::Result<std::unique_ptr<Daemon>> Daemon::open(frame::Frame& frame, const Config& config) {
    auto blobs = store::Blobs::open(frame.args().state + "/blobs", kBlobMax);
    if (!blobs) return blobs.error();
    return std::unique_ptr<Daemon>(new Daemon(frame, config, *std::move(blobs)));
}

Daemon::Daemon(frame::Frame& frame, const Config& config, store::Blobs blobs)
    : blobs_(std::move(blobs)), routes_({frame, blobs_}, config.records), imports_(frame) {
    routes_.add_to(frame.api());
    routes_.add_state_to(frame.control());
    imports_.add_to(frame.api());
}

}  // namespace kvd
