// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Records what goes to and comes from a peer, for a time, as a capture file (pcapng.h).
//
// Costs nothing while nobody looks. A record is bounded; one that is full ends before its time. Single-
// threaded, on the loop's thread.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <string>

#include "cbc/domain/peer.h"
#include "cbc/net/link_owner.h"
#include "common/loop/loop.h"

namespace cbc {

class PduTracer {
 public:
    using Done = std::function<void(std::string file)>;
    static constexpr size_t kTracesMax = 4;
    static constexpr size_t kOctetsMax = 8 * 1024 * 1024;

    // Both outlive it.
    PduTracer(loop::Timers& timers, const base::Clock& clock) : timers_(timers), clock_(clock) {}

    // False: as many are made at this moment as may be.
    bool start(const PeerProfile& peer, std::chrono::seconds length, Done done);
    void pdu(const PeerName& peer, PduDirection direction, base::ByteView octets);
    // Ends all; what they have is handed out.
    void stop();

 private:
    struct Trace {
        PeerName peer;
        pcapng::Dissector dissector;
        std::string file;
        Done done;
        loop::HandlePtr timer;
    };
    void finish(std::list<Trace>::iterator trace);

    loop::Timers& timers_;
    const base::Clock& clock_;
    std::list<Trace> traces_;
};

}  // namespace cbc
