// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/exchange_log.h"

#include <nlohmann/json.hpp>

#include "common/json/parse.h"

namespace cbc {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kCollect = 500ms;
constexpr size_t kCollectedMax = 1000;
constexpr size_t kCausesMax = 8;

Json places_of(const PeerArea& area) {
    const auto* chosen = std::get_if<PlaceSet>(&area);
    return chosen == nullptr ? Json("all") : Json(chosen->size());
}

std::string text_of(const PeerAnswer& answer) {
    std::map<Cause, size_t> causes;
    for (const CellFailure& failure : answer.failed) ++causes[failure.cause];
    Json failed = Json::object();
    for (const auto& [cause, count] : causes)
        if (failed.size() < kCausesMax) failed[cbc::text_of(cause)] = count;
    return json::dump({{"answer", answer.kind == AnswerKind::kComplete ? "complete" : "failure"},
                       {"done", answer.done.size()},
                       {"failed", std::move(failed)}});
}

}  // namespace

void ExchangeLog::asked(const DeliveryKey& key, const PeerRequest& request) {
    if (const auto* write = std::get_if<WriteRequest>(&request)) {
        Json what{{"peer", key.peer.value()},
                  {"message_identifier", key.message.value()},
                  {"serial_number", write->serial.value()},
                  {"cells", places_of(write->area)}};
        if (write->replaces) what["replaces"] = write->replaces->value();
        out_[key] = {"peer.write", json::dump(what)};
    } else if (const auto* kill = std::get_if<KillRequest>(&request)) {
        out_[key] = {"peer.kill", json::dump({{"peer", key.peer.value()},
                                              {"message_identifier", key.message.value()},
                                              {"serial_number", kill->serial.value()},
                                              {"cells", places_of(kill->area)}})};
    } else {
        out_.erase(key);
    }
}

void ExchangeLog::answered(const DeliveryKey& key, const PeerAnswer& answer) {
    conclude(key, text_of(answer));
}

void ExchangeLog::timed_out(const DeliveryKey& key) { conclude(key, R"({"answer":"none"})"); }

void ExchangeLog::link_lost(const PeerName& peer) {
    std::vector<DeliveryKey> lost;
    for (const auto& [key, asked] : out_)
        if (key.peer == peer) lost.push_back(key);
    for (const DeliveryKey& key : lost) conclude(key, R"({"answer":"link lost"})");
}

void ExchangeLog::conclude(const DeliveryKey& key, const std::string& answer) {
    const auto done = out_.extract(key);
    if (done.empty()) return;
    collected_.push_back({.time = clock_.now(),
                          .actor = "cbcd",
                          .action = done.mapped().action,
                          .object = "alert/" + key.alert.value().text(),
                          .before = done.mapped().what,
                          .after = answer,
                          .request_id = {}});
    if (collected_.size() >= kCollectedMax) return flush();
    if (timer_ == nullptr) timer_ = timers_.after(kCollect, [this] { flush(); });
}

void ExchangeLog::flush() {
    const auto spent = std::move(timer_);
    if (!collected_.empty()) write_(std::exchange(collected_, {}));
}

}  // namespace cbc
