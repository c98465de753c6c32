// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One CBSP link to one BSC: what it says on a StreamLink, its keep-alive, and one request at a time.
//
// Made for each configured peer (and each unknown one that is let in), and lives as long as the daemon;
// connections come and go. What the link asks on its own account (CbspUpkeep) goes beside the queue.
// Whatever a peer sends, the worst that happens is that its connection is closed. TS 48.049 §7, §8.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cbc/net/cbsp_manner.h"
#include "cbc/net/cbsp_upkeep.h"
#include "cbc/net/stream_link.h"
#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/cbsp_message.h"
#include "common/net/stream.h"

namespace cbc {

struct LinkTuning : StreamLinkTuning {
    std::chrono::milliseconds keep_alive_period{30'000};
    std::chrono::milliseconds keep_alive_timeout{10'000};
    UpkeepTuning upkeep;
    size_t message_octets = 64 * 1024;
};

class CbspLink {
 public:
    struct Parts {  // all outlive the link
        loop::Timers& timers;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        const LinkTuning& tuning;
        LinkOwner& owner;
    };
    using Connect = StreamLink::Connect;

    CbspLink(PeerName name, Parts parts, logs::Log log, Connect connect, CbspManner manner = {});
    CbspLink(const CbspLink&) = delete;
    CbspLink& operator=(const CbspLink&) = delete;

    void start() { link_.start(); }
    void accept(net::StreamPtr stream) { link_.accept(std::move(stream)); }
    void send(const DeliveryKey& key, PeerRequest request) { link_.requests().send(key, std::move(request)); }
    void test() { upkeep_.test(); }  // LOAD QUERY now: broadcasts nothing

    stream_link_fsm::State state() const { return link_.state(); }
    const LinkStanding& standing() const { return link_.standing(); }
    std::optional<base::Instant> last_keep_alive() const { return last_keep_alive_; }
    size_t waiting() const { return link_.requests().waiting(); }
    const CbspUpkeep& upkeep() const { return upkeep_; }

 private:
    StreamLink::Calls calls();
    void came_up();
    void went_down();

    void on_message(base::ByteView octets);
    void handle(const cbsp::Message& message);
    void handle_reset_answer(RequestResult result);
    void handle_restart(const cbsp::Restart& restart);
    void handle_failure(const cbsp::Failure& failure);
    void handle_error(const cbsp::ErrorIndication& error);
    bool about_our_request(const cbsp::ErrorIndication& error) const;
    void handle_unnamed_error(cbsp::Cause cause);
    void handle_answer(const cbsp::Message& message);
    void unasked(const cbsp::Message& message);
    void keep_alive_answered();

    void write(const cbsp::Message& message);
    void send_keep_alive();
    std::chrono::microseconds since_sent(base::Ticks sent) const { return parts_.clock.ticks() - sent; }

    Parts parts_;
    logs::Log log_;
    metrics::Gauge last_test_;
    const CbspManner manner_;
    StreamLink link_;
    CbspUpkeep upkeep_;
    std::optional<base::Instant> last_keep_alive_;
    std::optional<base::Ticks> keep_alive_sent_;
    loop::HandlePtr keep_alive_timer_;  // until the next KEEP-ALIVE, or its answer
};

}  // namespace cbc
