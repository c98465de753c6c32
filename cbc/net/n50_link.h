// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One N50 link to one AMF: our two subscriptions there, kept alive, and one request at a time.
//
// Ready means that the AMF took our subscriptions (where it is on the air; restarts and failures of nodes).
// They are made anew every so often, which also shows whether the AMF is there, and at once when it says that
// it has none. An AMF that refuses them still gets warnings: that comes first. The machine is in
// n50_link_fsm.h. Loop thread only. TS 29.518 §5.2.2.4; TS 23.041 §9.1.3.5.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cbc/net/link_probe.h"
#include "cbc/net/link_standing.h"
#include "cbc/net/n50_caller.h"
#include "cbc/net/n50_link_fsm.h"
#include "cbc/net/n50_news.h"
#include "cbc/net/n50_requests.h"
#include "cbc/net/request_queue.h"

namespace cbc {

struct N50Tuning {
    RequestTuning requests;
    std::chrono::milliseconds renew_period{60'000};  // of the subscriptions
    std::chrono::milliseconds longest_wait{3'000};   // granted to Retry-After
    net::BackoffPolicy backoff;
    // A call has to end before its request is given up.
    std::chrono::milliseconds call_timeout() const { return requests.request_timeout * 9 / 10; }
};

class N50Link {
 public:
    struct Parts {  // all outlive the link
        loop::Timers& timers;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        const N50Tuning& tuning;
        const N50Manner& manner;
        LinkOwner& owner;
        AreaOf area_of;
        HttpCall call;
        N50Tokens* tokens;  // none: calls carry none
    };

    // `root` is the AMF's apiRoot; `callback` where it shall tell us.
    N50Link(PeerName name, std::string root, std::string callback, Parts parts, logs::Log log);
    ~N50Link();
    N50Link(const N50Link&) = delete;
    N50Link& operator=(const N50Link&) = delete;

    void start();
    void send(const DeliveryKey& key, PeerRequest request) { queue_.send(key, std::move(request)); }
    // Makes our subscriptions anew, now; a renewal that is under way serves as well.
    void test();
    // What the AMF posted to our call-back. An error: it said something that is not N50.
    base::Result<void> notified(std::string_view content_type, std::string_view body);
    // The AMF is elsewhere now; the next connection goes there.
    void move(std::string root) { root_ = std::move(root); }

    const std::string& root() const { return root_; }
    n50_link_fsm::State state() const { return fsm_; }
    const LinkStanding& standing() const { return standing_; }
    std::optional<base::Instant> last_renewal() const { return last_renewal_; }
    const std::optional<LinkTestStatus>& last_test() const { return probe_.last(); }
    size_t waiting() const { return queue_.waiting(); }

 private:
    using State = n50_link_fsm::State;
    using Event = n50_link_fsm::Event;
    // The request that is out, in as many transfers as it takes.
    struct Work {
        std::vector<N50Transfer> transfers;
        size_t next = 0;
        std::vector<PlacePattern> done{};
        std::vector<CellFailure> failed{};
    };

    void fire(Event event);
    void perform(n50_link_fsm::Action action);
    void fail(std::string reason);
    void go_down();

    void subscribe();
    void subscribe(size_t which);
    void subscribed(size_t which, const base::Result<http::Response>& answer);
    void all_subscribed();
    void unsubscribe(const std::string& id);
    void renew_after(std::chrono::milliseconds delay);

    base::Result<void> put(const PeerRequest& request);
    void transfer();
    void transferred(uint64_t work, const base::Result<http::Response>& answer);
    void accepted(const N50Transfer& transfer, const http::Response& response);
    void refused(const N50Transfer& transfer, Cause cause, const std::string& detail);
    void work_done();
    std::string url(std::string_view path) const;

    const PeerName name_;
    std::string root_;
    const std::string callback_;
    Parts parts_;
    logs::Log log_;
    metrics::Gauge last_test_;
    LinkStanding standing_;
    N50Caller caller_;
    RequestQueue queue_;
    LinkProbe probe_;
    State fsm_ = State::kDown;
    // By class: the subscription that counts, and the one that is being made to take its place.
    std::array<std::string, 2> subscriptions_;
    std::array<std::string, 2> fresh_;
    bool subscribing_ = false;
    uint64_t attempt_ = 0;  // of subscribing; answers to older ones come too late
    std::optional<base::Instant> last_renewal_;
    std::optional<Work> work_;
    uint64_t work_number_ = 0;
    loop::HandlePtr state_timer_;
    loop::HandlePtr renewal_;
};

}  // namespace cbc
