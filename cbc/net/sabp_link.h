// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One SABP link to one RNC: its connection, its start-up, its test, and one request at a time.
//
// Made for each configured peer, and lives as long as the daemon; connections come and go. Which side opens
// the connection makes no difference after that. SABP has no keep-alive: Load-Query, which broadcasts
// nothing, asks in turn about each service area. And it has no "everywhere": what a request for all cells
// names are the service areas that the cell table has for this RNC, and those that it has told of itself.
// Whatever a peer sends, the worst that happens is that its connection is closed. TS 25.419 §8.
#pragma once

#include <array>
#include <functional>
#include <set>

#include "cbc/net/cbsp_link_fsm.h"
#include "cbc/net/framed_stream.h"
#include "cbc/net/link_standing.h"
#include "cbc/net/request_queue.h"
#include "cbc/wire/sabp_codec.h"

namespace cbc {

// An RNC's link lives as a BSC's does.
namespace sabp_link_fsm = cbsp_link_fsm;

inline constexpr std::array kSabpProcedures{Procedure::kWriteReplace, Procedure::kKill,
                                            Procedure::kStatusQuery, Procedure::kLoadQuery,
                                            Procedure::kReset};

struct SabpTuning {
    std::chrono::milliseconds restart_wait{500};
    std::chrono::milliseconds reset_timeout{5'000};
    std::chrono::milliseconds load_query_period{30'000};  // 0: never, for an RNC that does not answer it
    std::chrono::milliseconds load_query_timeout{10'000};
    RequestTuning requests;
    net::BackoffPolicy backoff;
    size_t message_octets = sabp::kMessageOctetsMax;
};

class SabpLink {
 public:
    struct Parts {  // all outlive the link
        loop::Timers& timers;
        const base::Clock& clock;
        const LinkMetrics& metrics;
        const SabpTuning& tuning;
        LinkOwner& owner;
    };
    // Opens a connection of ours; none for a peer that connects to us.
    using Connect = std::function<base::Result<net::StreamPtr>()>;

    SabpLink(PeerName name, Parts parts, logs::Log log, Connect connect);
    SabpLink(const SabpLink&) = delete;
    SabpLink& operator=(const SabpLink&) = delete;

    // The service areas that the cell table has for this RNC: before start(), and when it is another table.
    void use_table(const PlaceSet& places);
    void start();                        // of a link that connects
    void accept(net::StreamPtr stream);  // a connection that the peer opened; it replaces an older one
    void send(const DeliveryKey& key, PeerRequest request);

    sabp_link_fsm::State state() const { return fsm_; }
    const LinkStanding& standing() const { return standing_; }
    void test();  // Load-Query now: broadcasts nothing
    // The last answered one, and what came of the last, answered or not.
    std::optional<base::Instant> last_test_answered() const { return last_test_answered_; }
    const std::optional<LinkTestStatus>& last_test() const { return last_test_; }
    size_t waiting() const { return requests_.waiting(); }

 private:
    using State = sabp_link_fsm::State;
    using Event = sabp_link_fsm::Event;

    void fire(Event event);
    void perform(sabp_link_fsm::Action action);
    void open();
    void go_down();
    void await_restart();
    void decide();
    void send_reset();
    void announce();
    void lose(std::string reason, Event event);

    void on_message(base::ByteView octets);
    void handle(const sabp::Message& message);
    void handle_reset_answer(const sabp::ResetAnswer& answer, Event event);
    void handle_restart(const sabp::Restart& restart);
    void handle_error(const sabp::ErrorIndication& error);
    bool about_our_request(const sabp::ErrorIndication& error) const;
    void handle_answer(const sabp::Message& message);
    void unasked(const sabp::Message& message);
    void wrong_direction(const sabp::Message& message);
    void learn(const sabp::ServiceAreas& areas);
    sabp::ServiceAreas everything() const { return {areas_.begin(), areas_.end()}; }

    base::Result<void> write(const sabp::Message& message);
    void tested(RequestResult result, size_t areas, size_t failed);
    void test_timed_out();
    void test_later();
    std::chrono::microseconds since_sent(base::Ticks sent) const { return parts_.clock.ticks() - sent; }

    Parts parts_;
    logs::Log log_;
    Connect connect_;
    LinkStanding standing_;
    metrics::Gauge last_test_series_;
    FramedStream stream_;
    RequestQueue requests_;
    std::set<sabp::ServiceArea> told_;   // by its Restarts
    std::set<sabp::ServiceArea> areas_;  // and those of the table
    State fsm_ = State::kDown;
    Recovery recovery_ = Recovery::kUnknown;
    base::Ticks reset_sent_;
    std::optional<base::Ticks> test_sent_;
    std::optional<sabp::ServiceArea> tested_area_;
    std::optional<base::Instant> last_test_answered_;
    std::optional<LinkTestStatus> last_test_;
    loop::HandlePtr state_timer_;
    loop::HandlePtr test_timer_;  // until the next Load-Query, or its answer
};

}  // namespace cbc
