// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One CBSP link to one BSC: its connection, its start-up, its keep-alive, and one request at a time.
//
// Made for each configured peer (and each unknown one that is let in), and lives as long as the daemon;
// connections come and go. Which side opens the connection makes no difference after that. Requests wait in a
// RequestQueue. What the link asks on its own account (CbspUpkeep) goes beside the queue.
// Whatever a peer sends, the worst that happens is that its connection is closed. TS 48.049 §7, §8.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cbc/net/cbsp_link_fsm.h"
#include "cbc/net/cbsp_manner.h"
#include "cbc/net/cbsp_upkeep.h"
#include "cbc/net/link_standing.h"
#include "cbc/net/request_queue.h"
#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/cbsp_framer.h"
#include "cbc/wire/cbsp_message.h"
#include "common/net/stream.h"

namespace cbc {

struct LinkTuning : RequestTuning {
    std::chrono::milliseconds restart_wait{500};
    std::chrono::milliseconds reset_timeout{5'000};
    std::chrono::milliseconds keep_alive_period{30'000};
    std::chrono::milliseconds keep_alive_timeout{10'000};
    UpkeepTuning upkeep;
    net::BackoffPolicy backoff;
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
    // Opens a connection of ours; none for a peer that connects to us.
    using Connect = std::function<base::Result<net::StreamPtr>()>;

    CbspLink(PeerName name, Parts parts, logs::Log log, Connect connect, CbspManner manner = {});
    ~CbspLink();
    CbspLink(const CbspLink&) = delete;
    CbspLink& operator=(const CbspLink&) = delete;

    void start();                        // of a link that connects
    void accept(net::StreamPtr stream);  // a connection that the peer opened; it replaces an older one
    void send(const DeliveryKey& key, PeerRequest request) { queue_.send(key, std::move(request)); }
    void test() { upkeep_.test(); }  // LOAD QUERY now: broadcasts nothing

    cbsp_link_fsm::State state() const { return fsm_; }
    const LinkStanding& standing() const { return standing_; }
    std::optional<base::Instant> last_keep_alive() const { return last_keep_alive_; }
    size_t waiting() const { return queue_.waiting(); }
    const CbspUpkeep& upkeep() const { return upkeep_; }

 private:
    using State = cbsp_link_fsm::State;
    using Event = cbsp_link_fsm::Event;

    void fire(Event event);
    void perform(cbsp_link_fsm::Action action);
    void open();
    void begin(net::StreamPtr stream);
    void go_down();
    void await_restart();
    void decide();
    void send_reset();
    void announce();
    void fail(std::string reason, Event event = Event::kClosed);

    void on_octets(base::ByteView octets);
    void on_message(base::ByteView octets);
    void handle(const cbsp::Message& message);
    void handle_reset_answer(Event event);
    void handle_restart(const cbsp::Restart& restart);
    void handle_failure(const cbsp::Failure& failure);
    void handle_error(const cbsp::ErrorIndication& error);
    bool about_our_request(const cbsp::ErrorIndication& error) const;
    void handle_unnamed_error(cbsp::Cause cause);
    void handle_answer(const cbsp::Message& message);
    void unasked(const cbsp::Message& message);
    void keep_alive_answered();

    void write(const cbsp::Message& message);
    base::Result<void> write_request(const PeerRequest& request);
    void send_keep_alive();
    std::chrono::microseconds since_sent(base::Ticks sent) const { return parts_.clock.ticks() - sent; }

    PeerName name_;
    Parts parts_;
    logs::Log log_;
    Connect connect_;
    metrics::Gauge last_test_;
    LinkStanding standing_;
    RequestQueue queue_;
    State fsm_ = State::kDown;
    net::StreamPtr stream_;
    uint64_t generation_ = 0;  // of the stream
    std::optional<cbsp::CbspFramer> framer_;
    Recovery recovery_ = Recovery::kUnknown;
    std::optional<base::Instant> last_keep_alive_;
    std::optional<base::Ticks> keep_alive_sent_;
    base::Ticks reset_sent_;
    loop::HandlePtr state_timer_;       // of the state
    loop::HandlePtr keep_alive_timer_;  // until the next KEEP-ALIVE, or its answer
    loop::HandlePtr sweep_;             // ends a connection outside of its own callback
    const CbspManner manner_;
    CbspUpkeep upkeep_;
};

}  // namespace cbc
