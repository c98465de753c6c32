// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The test of the link, and what its life asks for. What is done with the peer's messages is in
// sabp_link_messages.cc.
#include "cbc/net/sabp_link.h"

#include "cbc/net/sabp_requests.h"
#include "cbc/wire/sabp_framer.h"

namespace cbc {

SabpLink::SabpLink(PeerName name, Parts parts, logs::Log log, Connect connect)
    : parts_(parts),
      log_(std::move(log)),
      last_test_series_(parts.metrics.last_link_test(name)),
      link_(std::move(name), {parts.timers, parts.clock, parts.metrics, parts.tuning, parts.owner}, log_,
            std::move(connect), calls()) {}

StreamLink::Calls SabpLink::calls() {
    return {.make_framer = [this] { return sabp::SabpFramer(parts_.tuning.message_octets); },
            .on_message = [this](base::ByteView octets) { on_message(octets); },
            .on_unframed =
                [this](const wire::FrameError& error) {
                    log_.warning("sabp.peer.unframed", {{"reason", error.text()}});
                },
            .write_request = [this](const PeerRequest& request) -> base::Result<void> {
                const auto message = to_sabp(request, everything());
                if (!message) return message.error();
                return write(*message);
            },
            .write_reset = [this] { (void)write(sabp::Reset{everything()}); },
            .unaskable = [this] { return unaskable(); },
            .came_up = [this] { came_up(); },
            .went_down = [this] { went_down(); }};
}

void SabpLink::use_table(const PlaceSet& places) {
    areas_ = told_;
    for (const Place& place : places)
        if (const auto area = service_area_of(place)) areas_.insert(*area);
}

std::string SabpLink::unaskable() const {
    if (!areas_.empty()) return "";
    log_.warning("sabp.link.no_areas");
    return "no service area of it is known, from the cell table or from its Restart";
}

void SabpLink::came_up() {
    if (parts_.tuning.load_query_period.count() != 0) test();
}

void SabpLink::went_down() {
    test_timer_.reset();
    test_sent_.reset();
}

base::Result<void> SabpLink::write(const sabp::Message& message) {
    const auto octets = sabp::encode(message);
    if (!octets) return octets.error();
    log_.debug("sabp.sent", {{"type", sabp::name_of(message)}});
    link_.write(*octets);
    return {};
}

// --- the test of the link ---

// One area after the other, so that in time each is asked about.
void SabpLink::test() {
    if (!link_.ready() || test_sent_) return;
    if (areas_.empty()) return test_later();  // a new cell table has none of them
    auto next = tested_area_ ? areas_.upper_bound(*tested_area_) : areas_.begin();
    if (next == areas_.end()) next = areas_.begin();
    tested_area_ = *next;
    test_sent_ = parts_.clock.ticks();
    test_timer_ = parts_.timers.after(parts_.tuning.load_query_timeout, [this] { test_timed_out(); });
    (void)write(sabp::LoadQuery{{*next}});
}

// Any answer shows that the RNC lives and reads what we send.
void SabpLink::tested(RequestResult result, size_t areas, size_t failed) {
    const auto took = since_sent(*test_sent_);
    test_sent_.reset();
    parts_.metrics.requested(Procedure::kLoadQuery, result, took);
    last_test_ = LinkTestStatus{.at = parts_.clock.now(),
                                .result = std::string(to_string(result)),
                                .took = took,
                                .cells = areas,
                                .failed_cells = failed,
                                .busiest_cell = std::nullopt};
    if (result != RequestResult::kTimeout) {
        last_test_answered_ = last_test_->at;
        last_test_series_.set(static_cast<double>(
            std::chrono::floor<std::chrono::seconds>(last_test_->at).time_since_epoch().count()));
    }
    test_later();
    parts_.owner.link_changed(link_.name());
}

// Where nobody tests by himself, an RNC that does not answer an operator's test is known for that.
void SabpLink::test_timed_out() {
    tested(RequestResult::kTimeout, 0, 0);
    if (parts_.tuning.load_query_period.count() != 0)
        link_.lose("Load-Query was not answered", StreamLink::Event::kTimeout);
}

void SabpLink::test_later() {
    if (parts_.tuning.load_query_period.count() == 0) return test_timer_.reset();
    test_timer_ = parts_.timers.after(parts_.tuning.load_query_period, [this] { test(); });
}

}  // namespace cbc
