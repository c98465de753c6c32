// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/twin/twin_routes.h"

#include <algorithm>
#include <array>

#include "cbc/api/query.h"
#include "cbc/store/warning_store.h"
#include "common/base/bytes.h"
#include "common/base/uuid.h"

namespace cbc {
namespace {

using http::Response;
using std::chrono::milliseconds;

// Several answers of peers in this time make one record.
constexpr milliseconds kRecordPause{250};
constexpr size_t kWaitMax = 30'000;

// Of "uuid,uuid"; none: one of them is no UUID, or there are too many.
std::optional<std::vector<AlertId>> ids_of(std::string_view text) {
    std::vector<AlertId> ids;
    while (!text.empty()) {
        const size_t comma = std::min(text.find(','), text.size());
        const auto uuid = base::Uuid::parse(text.substr(0, comma));
        if (!uuid || ids.size() == kTwinAlertsMax) return std::nullopt;
        ids.emplace_back(*uuid);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return ids;
}

std::string random_name() {
    std::array<uint8_t, 8> octets{};
    base::random_bytes(octets.data(), octets.size());
    return base::to_hex(octets);
}

}  // namespace

TwinRoutes::TwinRoutes(Parts parts, std::string certificate, milliseconds lease)
    : parts_(parts), certificate_(std::move(certificate)), lease_(lease), instance_(random_name()) {}

void TwinRoutes::add_to(http::Router& api) {
    const auto add = [&](std::string pattern, auto handler) {
        api.add({http::Method::kGet, std::move(pattern), http::Access::role({"cbc"}), 0,
                 [this, handler](const http::Request& request, http::ResponderPtr responder) {
                     if (!is_twin(request))
                         return responder->respond(Response::problem(
                             403, "not-the-twin", "this certificate is not that of this CBC's twin"));
                     (this->*handler)(request, std::move(responder));
                 },
                 http::Where::kHere});
    };
    add("/twin/changes", &TwinRoutes::changes);
    add("/twin/alerts", &TwinRoutes::alerts);
}

bool TwinRoutes::is_twin(const http::Request& request) const {
    return !certificate_.empty() && request.peer.certificate_uri == certificate_;
}

void TwinRoutes::changes(const http::Request& request, http::ResponderPtr responder) {
    const auto after = query_number(request, "after", 0, SIZE_MAX);
    const auto state = query_number(request, "state", 0, SIZE_MAX);
    const auto wait = query_number(request, "wait_ms", 0, kWaitMax);
    if (!after || !state) return responder->respond(bad_query(!after ? "after" : "state", SIZE_MAX));
    if (!wait) return responder->respond(bad_query("wait_ms", kWaitMax));
    answer_waiting();
    asked_ = {request.query_value("instance").value_or(""), *after, *state};
    if (asked_.instance != instance_) asked_.after = asked_.state = 0;
    waiting_ = std::move(responder);
    if (*wait == 0 || draining_ || is_due(asked_)) return answer_waiting();
    deadline_ = parts_.timers.after(milliseconds{*wait}, [this] { answer_waiting(); });
}

bool TwinRoutes::is_due(const Asked& asked) const {
    return parts_.changes.last() > asked.after || parts_.leases.version() != asked.state;
}

void TwinRoutes::changed() {
    if (waiting_ == nullptr) return;
    // What is committed together is told together.
    soon_ = parts_.timers.after(milliseconds{0}, [this] { answer_waiting(); });
}

void TwinRoutes::changed_soon() {
    if (waiting_ == nullptr || soon_ != nullptr) return;
    soon_ = parts_.timers.after(kRecordPause, [this] { answer_waiting(); });
}

void TwinRoutes::answer_waiting() {
    // One of them may be what calls.
    const auto spent = std::pair(std::move(deadline_), std::move(soon_));
    if (waiting_ == nullptr) return;
    const auto responder = std::move(waiting_);
    responder->respond(Response::json(200, to_text(page_for(asked_))));
}

void TwinRoutes::drain() {
    draining_ = true;
    answer_waiting();
}

TwinPage TwinRoutes::page_for(const Asked& asked) const {
    TwinPage page;
    page.instance = instance_;
    page.last = asked.after;
    page.state = parts_.leases.version();
    page.lease = lease_;
    page.sides = parts_.leases.sides();
    size_t octets = 0;
    parts_.changes.read(asked.after, [&](uint64_t number, const ChangeLog::Item& item) {
        if (page.offers.size() + page.records.size() >= kTwinOffersMax || octets >= kTwinRecordOctetsMax) {
            page.more = true;
            return false;
        }
        page.last = number;
        if (const auto* alert = std::get_if<AlertId>(&item)) {
            const Held held = parts_.centre.held(*alert);
            if (held.revision != nullptr)
                page.offers.push_back(offer_of(*held.revision, held.stop != nullptr));
            return true;
        }
        const auto& key = std::get<DeliveryKey>(item);
        const Warning* warning = parts_.centre.find(key.alert);
        if (warning == nullptr) return true;
        const auto delivery = warning->deliveries().find(key);
        if (delivery == warning->deliveries().end()) return true;
        page.records.push_back({key, encode_delivery(delivery->second.record())});
        octets += page.records.back().octets.size();
        return true;
    });
    // Also past what was forgotten meanwhile.
    if (!page.more) page.last = parts_.changes.last();
    return page;
}

void TwinRoutes::alerts(const http::Request& request, http::ResponderPtr responder) const {
    const auto ids = ids_of(request.query_value("ids").value_or(""));
    if (!ids)
        return responder->respond(Response::problem(
            400, "invalid-query",
            "ids must be up to " + std::to_string(kTwinAlertsMax) + " UUIDs, commas between"));
    std::vector<std::string> members;
    size_t octets = 0;
    for (const AlertId& id : *ids) {
        const Held held = parts_.centre.held(id);
        if (held.revision == nullptr) continue;
        if (octets >= kTwinAlertOctetsMax) break;
        members.push_back(to_text(*held.revision, held.stop));
        octets += members.back().size();
    }
    responder->respond(Response::json(200, alerts_text(members)));
}

}  // namespace cbc
