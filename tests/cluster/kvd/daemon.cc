// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/daemon.h"

namespace kvd {

Daemon::Daemon(frame::Frame& frame, const Config& config)
    : frame_(frame), routes_(frame, config.records), imports_(frame) {
    routes_.add_to(frame.api());
    routes_.add_to(frame.control());  // a voter has no API; and clients without TLS are measured there
    imports_.add_to(frame.api());
}

base::Result<void> Daemon::start() {
    pruner_.emplace(frame_.store(), frame_.loop(), frame_.clock());
    return {};
}

void Daemon::drain(std::function<void()> drained) {
    pruner_.reset();
    drained();
}

}  // namespace kvd
