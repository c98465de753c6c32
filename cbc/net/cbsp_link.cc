// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The keep-alive, and what the life of the link asks for. What is done with the peer's messages is in
// cbsp_link_messages.cc.
#include "cbc/net/cbsp_link.h"

#include <algorithm>

#include "cbc/net/cbsp_requests.h"
#include "cbc/wire/cbsp_framer.h"

namespace cbc {

CbspLink::CbspLink(PeerName name, Parts parts, logs::Log log, Connect connect, CbspManner manner)
    : parts_(parts),
      log_(std::move(log)),
      last_test_(parts.metrics.last_link_test(name)),
      manner_(manner),
      link_(std::move(name), {parts.timers, parts.clock, parts.metrics, parts.tuning, parts.owner}, log_,
            std::move(connect), calls()),
      upkeep_({parts.timers, parts.clock, parts.metrics, parts.tuning.upkeep, manner_}, log_,
              {.write = [this](const cbsp::Message& message) { write(message); },
               .busy = [this] { return waiting() > 0; },
               .concluded = [this] { parts_.owner.link_changed(link_.name()); }}) {}

StreamLink::Calls CbspLink::calls() {
    return {.make_framer = [this] { return cbsp::CbspFramer(parts_.tuning.message_octets); },
            .on_message = [this](base::ByteView octets) { on_message(octets); },
            .on_unframed =
                [this](const wire::FrameError& error) {
                    log_.warning("cbsp.peer.too_long", {{"reason", error.text()}});
                },
            .write_request = [this](const PeerRequest& request) -> base::Result<void> {
                const auto message = to_cbsp(request, manner_);
                if (!message) return message.error();
                write(*message);
                return {};
            },
            .write_reset = [this] { write(cbsp::Reset{cbsp::AllCells{}}); },
            .unaskable = {},
            .came_up = [this] { came_up(); },
            .went_down = [this] { went_down(); }};
}

void CbspLink::came_up() {
    send_keep_alive();
    upkeep_.link_up();
}

void CbspLink::went_down() {
    keep_alive_timer_.reset();
    keep_alive_sent_.reset();
    upkeep_.link_down();
}

void CbspLink::write(const cbsp::Message& message) { link_.write(cbsp::encode(message)); }

// --- keep-alive ---

void CbspLink::send_keep_alive() {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(parts_.tuning.keep_alive_period);
    const auto period = cbsp::Period::at_least(
        std::clamp<std::chrono::seconds>(seconds, std::chrono::seconds{1}, cbsp::kMaxKeepAlivePeriod));
    keep_alive_sent_ = parts_.clock.ticks();
    write(cbsp::KeepAlive{period ? *period : cbsp::Period::unlimited()});
    keep_alive_timer_ = parts_.timers.after(parts_.tuning.keep_alive_timeout, [this] {
        parts_.metrics.requested(Procedure::kKeepAlive, RequestResult::kTimeout,
                                 since_sent(*keep_alive_sent_));
        link_.lose("KEEP-ALIVE was not answered", StreamLink::Event::kTimeout);
    });
}

void CbspLink::keep_alive_answered() {
    parts_.metrics.requested(Procedure::kKeepAlive, RequestResult::kComplete, since_sent(*keep_alive_sent_));
    keep_alive_sent_.reset();
    last_keep_alive_ = parts_.clock.now();
    last_test_.set(static_cast<double>(
        std::chrono::floor<std::chrono::seconds>(*last_keep_alive_).time_since_epoch().count()));
    keep_alive_timer_ = parts_.timers.after(parts_.tuning.keep_alive_period, [this] { send_keep_alive(); });
}

}  // namespace cbc
