// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Asks an NRF again and again which AMFs there are. TS 29.510 §5.3.2.2 (Nnrf_NFDiscovery).
//
// What it found last stays when the NRF does not answer: warnings go on without it.
#pragma once

#include <functional>
#include <string>

#include "cbc/net/n50_caller.h"
#include "cbc/wire/nnrf_json.h"
#include "common/log/log.h"

namespace cbc {

class N50Discovery {
 public:
    struct Parts {  // outlive it
        loop::Timers& timers;
        HttpCall call;
        std::string nrf;
        std::chrono::milliseconds period{60'000};  // at most; sooner when what the NRF said is valid for less
    };
    // Told of all that were found, each time.
    using OnFound = std::function<void(const std::vector<nnrf::Amf>&)>;
    N50Discovery(Parts parts, logs::Log log, OnFound on_found);

    void start() { ask(); }

 private:
    void ask();
    void answered(const base::Result<http::Response>& answer);
    base::Result<nnrf::Found> found_in(const base::Result<http::Response>& answer) const;

    Parts parts_;
    logs::Log log_;
    OnFound on_found_;
    N50Caller caller_;
    loop::HandlePtr again_;
};

}  // namespace cbc
