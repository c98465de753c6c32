// SPDX-License-Identifier: AGPL-3.0-or-later
//
// crmd on the frame: the routes that every daemon has, and nothing of its own yet.
#pragma once

#include "common/frame/frame.h"
#include "crmd/config.h"

namespace crmd {

class Daemon final : public frame::Application {
 public:
    base::Result<void> start() override { return {}; }
    void drain(std::function<void()> drained) override { drained(); }
    base::Result<void> reload(const Config&) { return {}; }
};

}  // namespace crmd
