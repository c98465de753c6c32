// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One SABP link to one RNC: what it says on a StreamLink, its test, and one request at a time.
//
// Made for each configured peer, and lives as long as the daemon; connections come and go. SABP has no
// keep-alive: Load-Query, which broadcasts nothing, asks in turn about each service area. And it has no
// "everywhere": what a request for all cells names are the service areas that the cell table has for this
// RNC, and those that it has told of itself. Whatever a peer sends, the worst that happens is that its
// connection is closed. TS 25.419 §8.
#pragma once

#include <array>
#include <functional>
#include <set>

#include "cbc/net/stream_link.h"
#include "cbc/wire/sabp_codec.h"

namespace cbc {

inline constexpr std::array kSabpProcedures{Procedure::kWriteReplace, Procedure::kKill,
                                            Procedure::kStatusQuery, Procedure::kLoadQuery,
                                            Procedure::kReset};

struct SabpTuning : StreamLinkTuning {
    std::chrono::milliseconds load_query_period{30'000};  // 0: never, for an RNC that does not answer it
    std::chrono::milliseconds load_query_timeout{10'000};
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
    using Connect = StreamLink::Connect;

    SabpLink(PeerName name, Parts parts, logs::Log log, Connect connect);
    SabpLink(const SabpLink&) = delete;
    SabpLink& operator=(const SabpLink&) = delete;

    // The service areas that the cell table has for this RNC: before start(), and when it is another table.
    void use_table(const PlaceSet& places);
    void start() { link_.start(); }
    void accept(net::StreamPtr stream) { link_.accept(std::move(stream)); }
    void send(const DeliveryKey& key, PeerRequest request) { link_.requests().send(key, std::move(request)); }

    stream_link_fsm::State state() const { return link_.state(); }
    const LinkStanding& standing() const { return link_.standing(); }
    void test();  // Load-Query now: broadcasts nothing
    // The last answered one, and what came of the last, answered or not.
    std::optional<base::Instant> last_test_answered() const { return last_test_answered_; }
    const std::optional<LinkTestStatus>& last_test() const { return last_test_; }
    size_t waiting() const { return link_.requests().waiting(); }

 private:
    StreamLink::Calls calls();
    std::string unaskable() const;
    void came_up();
    void went_down();

    void on_message(base::ByteView octets);
    void handle(const sabp::Message& message);
    void handle_reset_answer(const sabp::ResetAnswer& answer, RequestResult result);
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
    metrics::Gauge last_test_series_;
    StreamLink link_;
    std::set<sabp::ServiceArea> told_;   // by its Restarts
    std::set<sabp::ServiceArea> areas_;  // and those of the table
    std::optional<base::Ticks> test_sent_;
    std::optional<sabp::ServiceArea> tested_area_;
    std::optional<base::Instant> last_test_answered_;
    std::optional<LinkTestStatus> last_test_;
    loop::HandlePtr test_timer_;  // until the next Load-Query, or its answer
};

}  // namespace cbc
