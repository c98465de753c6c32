// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is asked of one peer, whatever its protocol: requests wait in a queue, KILL before the rest, one is
// out at a time, and each has a timer of its own from the moment it is on the wire, since a peer may leave
// some unanswered for ever. A peer that leaves two status queries unanswered does not know them: it is asked
// no more until the link comes up again.
//
// Nothing is told to the owner from within send(). On the loop's thread.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "cbc/net/link_metrics.h"
#include "cbc/net/link_owner.h"
#include "common/log/log.h"
#include "common/loop/loop.h"

namespace cbc {

// The message that a request is about.
struct MessageReference {
    MessageIdentifier identifier;
    SerialNumber serial;
    friend bool operator==(const MessageReference&, const MessageReference&) = default;
};
MessageReference reference_of(const PeerRequest& request);
Procedure procedure_of(const PeerRequest& request);

// How many broadcasts are asked for: as many as fit before the end, so that the message ends there even when
// nobody is left to stop it. None: more than 65,535.
std::optional<uint16_t> broadcasts_within(const Schedule& schedule, base::Instant at,
                                          std::chrono::milliseconds period);

// An answer that says the same of everything that was asked.
PeerAnswer all_refused(Cause cause);

struct RequestTuning {
    std::chrono::milliseconds request_timeout{10'000};
    std::chrono::milliseconds status_timeout{3'000};
    size_t queue_limit = 10'000;
};

class RequestQueue {
 public:
    struct Parts {  // all outlive the queue
        loop::Timers& timers;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        const RequestTuning& tuning;
        LinkOwner& owner;
    };
    struct Calls {
        // Puts it on the wire. It fails for what the protocol cannot say.
        std::function<base::Result<void>(const PeerRequest&)> write;
        std::function<void()> overflowed;  // too much waits: the link is to begin anew
    };
    struct Outstanding {
        DeliveryKey key;
        PeerRequest request;
        base::Ticks sent;
        loop::HandlePtr timer;
    };

    RequestQueue(Parts parts, logs::Log log, Calls calls);

    void open();  // the link takes requests
    // It takes none; all are forgotten and nothing is told, since peer_down() and peer_up() say it.
    void close();
    void send(const DeliveryKey& key, PeerRequest request);

    const std::optional<Outstanding>& out() const { return out_; }
    bool asked(Procedure procedure, const MessageReference& reference) const;
    void finish(const PeerAnswer& answer, RequestResult result);  // of what is out
    size_t waiting() const { return queue_.size() + (out_ ? 1 : 0); }

 private:
    struct Waiting {
        DeliveryKey key;
        PeerRequest request;
    };
    void send_next();
    void put_out(Waiting next);
    void timed_out();
    void tell_later(std::function<void()> news);
    std::chrono::microseconds since(base::Ticks sent) const { return parts_.clock.ticks() - sent; }

    Parts parts_;
    logs::Log log_;
    Calls calls_;
    bool open_ = false;
    std::deque<Waiting> queue_;
    std::optional<Outstanding> out_;
    uint32_t status_timeouts_ = 0;  // in a row
    // Not answered in time: the next of their kind is asked again. At most `queue_limit`.
    std::set<std::pair<DeliveryKey, Procedure>> unanswered_;
    std::deque<std::function<void()>> news_;
    loop::HandlePtr soon_;  // tells the news
};

}  // namespace cbc
