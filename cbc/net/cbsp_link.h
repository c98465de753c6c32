// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One CBSP link to one BSC: its connection, its start-up, its keep-alive, and one request at a time.
//
// Made for each configured peer (and each unknown one that is let in), and lives as long as the daemon;
// connections come and go. Which side opens the connection makes no difference after that. Requests wait in a
// queue, KILL before the rest; each has a timer of its own from the moment it is on the wire, since a BSC may
// answer some requests never. What the link asks on its own account (CbspUpkeep) goes beside the queue.
// Whatever a peer sends, the worst that happens is that its connection is closed. TS 48.049 §7, §8.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cbc/net/cbsp_link_fsm.h"
#include "cbc/net/cbsp_manner.h"
#include "cbc/net/cbsp_metrics.h"
#include "cbc/net/cbsp_upkeep.h"
#include "cbc/net/link_owner.h"
#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/cbsp_framer.h"
#include "cbc/wire/cbsp_message.h"
#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/net/backoff.h"
#include "common/net/stream.h"

namespace cbc {

struct LinkTuning {
    std::chrono::milliseconds restart_wait{500};
    std::chrono::milliseconds reset_timeout{5'000};
    std::chrono::milliseconds request_timeout{10'000};
    std::chrono::milliseconds status_timeout{3'000};
    std::chrono::milliseconds keep_alive_period{30'000};
    std::chrono::milliseconds keep_alive_timeout{10'000};
    UpkeepTuning upkeep;
    net::BackoffPolicy backoff;
    size_t message_octets = 64 * 1024;
    size_t queue_limit = 10'000;
};

class CbspLink {
 public:
    struct Parts {  // all outlive the link
        loop::Timers& timers;
        const base::Clock& clock;
        const CbspMetrics& metrics;
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
    void send(const DeliveryKey& key, PeerRequest request);
    void test() { upkeep_.test(); }  // LOAD QUERY now: broadcasts nothing

    const PeerName& name() const { return name_; }
    cbsp_link_fsm::State state() const { return fsm_; }
    base::Instant since() const { return since_; }
    const std::string& reason() const { return reason_; }  // why it is down
    std::optional<base::Instant> last_keep_alive() const { return last_keep_alive_; }
    size_t waiting() const { return queue_.size() + (out_ ? 1 : 0); }
    const CbspUpkeep& upkeep() const { return upkeep_; }

 private:
    using State = cbsp_link_fsm::State;
    using Event = cbsp_link_fsm::Event;
    struct Waiting {
        DeliveryKey key;
        PeerRequest request;
    };
    struct Outstanding {
        DeliveryKey key;
        cbsp::MessageType type;
        MessageIdentifier identifier;
        SerialNumber serial;
        std::optional<SerialNumber> replaces;
        base::Ticks sent;
        loop::HandlePtr timer;
    };

    void fire(Event event);
    void perform(cbsp_link_fsm::Action action);
    void open();
    void begin(net::StreamPtr stream);
    void go_down(std::string reason);
    void await_restart();
    void decide();
    void send_reset();
    void announce();
    void reconnect_later();
    void note_state();

    void on_octets(base::ByteView octets);
    void on_message(base::ByteView octets);
    void handle(const cbsp::Message& message);
    void handle_reset_answer(Event event);
    void handle_restart(const cbsp::Restart& restart);
    void handle_error(const cbsp::ErrorIndication& error);
    bool about_our_request(const cbsp::ErrorIndication& error) const;
    void handle_unnamed_error(cbsp::Cause cause);
    void handle_answer(const cbsp::Message& message);
    void unasked(const cbsp::Message& message);
    void keep_alive_answered();

    void write(const cbsp::Message& message);
    void send_next();
    void request_timed_out();
    void finish(const PeerAnswer& answer, RequestResult result);
    void send_keep_alive();
    std::chrono::microseconds since_sent(base::Ticks sent) const { return parts_.clock.ticks() - sent; }

    PeerName name_;
    Parts parts_;
    logs::Log log_;
    Connect connect_;
    CbspMetrics::Peer series_;
    net::Backoff backoff_;
    State fsm_ = State::kDown;
    base::Instant since_;
    std::string reason_ = "not connected yet";
    net::StreamPtr stream_;
    uint64_t generation_ = 0;  // of the stream
    std::optional<cbsp::CbspFramer> framer_;
    Recovery recovery_ = Recovery::kUnknown;
    bool announced_ = false;  // the owner knows that it is up
    std::deque<Waiting> queue_;
    std::optional<Outstanding> out_;
    uint32_t status_timeouts_ = 0;  // in a row
    std::optional<base::Instant> last_keep_alive_;
    std::optional<base::Ticks> keep_alive_sent_;
    base::Ticks reset_sent_;
    loop::HandlePtr state_timer_;       // of the state, or until the next connect
    loop::HandlePtr keep_alive_timer_;  // until the next KEEP-ALIVE, or its answer
    loop::HandlePtr sweep_;             // ends a connection outside of its own callback
    const CbspManner manner_;
    CbspUpkeep upkeep_;
};

}  // namespace cbc
