// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/link_metrics.h"

#include <array>

namespace cbc {
namespace {

constexpr const char* kUp = "farol_peer_up";
constexpr const char* kChanges = "farol_peer_state_changes_total";
constexpr const char* kLastLinkTest = "farol_peer_last_link_test_success_timestamp_seconds";

constexpr std::array kResults{RequestResult::kComplete, RequestResult::kFailure, RequestResult::kTimeout,
                              RequestResult::kError};
constexpr std::array kIndications{Indication::kRestart, Indication::kFailure, Indication::kError,
                                  Indication::kScheduled, Indication::kCancelled};
constexpr std::array kOddities{Oddity::kUndecodable,    Oddity::kTooLong,     Oddity::kUnasked,
                               Oddity::kWrongDirection, Oddity::kUnknownPeer, Oddity::kNotUnderstood,
                               Oddity::kForeign,        Oddity::kTooMany};

}  // namespace

std::string_view to_string(Procedure procedure) {
    switch (procedure) {
        case Procedure::kWriteReplace:
            return "write_replace";
        case Procedure::kKill:
            return "kill";
        case Procedure::kStatusQuery:
            return "status_query";
        case Procedure::kLoadQuery:
            return "load_query";
        case Procedure::kSetDrx:
            return "set_drx";
        case Procedure::kReset:
            return "reset";
        case Procedure::kKeepAlive:
            return "keep_alive";
    }
    return "unknown";
}

std::string_view to_string(RequestResult result) {
    switch (result) {
        case RequestResult::kComplete:
            return "complete";
        case RequestResult::kFailure:
            return "failure";
        case RequestResult::kTimeout:
            return "timeout";
        case RequestResult::kError:
            return "error";
    }
    return "unknown";
}

std::string_view to_string(Indication indication) {
    switch (indication) {
        case Indication::kRestart:
            return "restart";
        case Indication::kFailure:
            return "failure";
        case Indication::kError:
            return "error";
        case Indication::kScheduled:
            return "scheduled";
        case Indication::kCancelled:
            return "cancelled";
    }
    return "unknown";
}

std::string_view to_string(Oddity oddity) {
    switch (oddity) {
        case Oddity::kUndecodable:
            return "undecodable";
        case Oddity::kTooLong:
            return "too_long";
        case Oddity::kUnasked:
            return "unasked";
        case Oddity::kWrongDirection:
            return "wrong_direction";
        case Oddity::kUnknownPeer:
            return "unknown_peer";
        case Oddity::kNotUnderstood:
            return "not_understood";
        case Oddity::kForeign:
            return "foreign";
        case Oddity::kTooMany:
            return "too_many";
    }
    return "unknown";
}

LinkMetrics::LinkMetrics(metrics::Registry& registry, Protocol protocol,
                         std::span<const Procedure> procedures)
    : registry_(registry), protocol_(to_string(protocol)) {
    const auto labels = [&](metrics::Labels more) {
        more.emplace("interface", protocol_);
        return more;
    };
    for (const Procedure procedure : procedures) {
        const std::string name{to_string(procedure)};
        for (const RequestResult result : kResults)
            requests_.emplace(
                std::pair{procedure, result},
                registry.counter("farol_cbc_requests_total", "Requests to network elements, answered or not",
                                 labels({{"procedure", name}, {"result", std::string(to_string(result))}})));
        durations_.emplace(procedure,
                           registry.histogram("farol_cbc_request_duration_seconds",
                                              "From a request on the wire to its answer",
                                              labels({{"procedure", name}}), metrics::request_buckets()));
        retries_.emplace(procedure, registry.counter("farol_cbc_retries_total", "Requests asked again",
                                                     labels({{"reason", name + "_timeout"}})));
    }
    for (const Indication indication : kIndications)
        indications_.emplace(
            indication, registry.counter("farol_cbc_indications_total", "What network elements said unasked",
                                         labels({{"kind", std::string(to_string(indication))}})));
    for (const Oddity oddity : kOddities)
        oddities_.emplace(oddity, registry.counter("farol_cbc_protocol_errors_total",
                                                   "What network elements sent and should not have",
                                                   labels({{"kind", std::string(to_string(oddity))}})));
}

void LinkMetrics::requested(Procedure procedure, RequestResult result, std::chrono::microseconds took) const {
    requests_.at({procedure, result}).add();
    if (result != RequestResult::kTimeout) durations_.at(procedure).observe(took);
}
void LinkMetrics::retried(Procedure procedure) const { retries_.at(procedure).add(); }
void LinkMetrics::indicated(Indication indication) const { indications_.at(indication).add(); }
void LinkMetrics::odd(Oddity oddity) const { oddities_.at(oddity).add(); }

metrics::Labels LinkMetrics::of_peer(const PeerName& name) const {
    return {{"protocol", protocol_}, {"peer", name.value()}};
}

LinkMetrics::Peer LinkMetrics::peer(const PeerName& name) const {
    return {registry_.gauge(kUp, "1 while the peer takes requests", of_peer(name)),
            registry_.counter(kChanges, "Links that came up or went down", of_peer(name))};
}

metrics::Gauge LinkMetrics::last_link_test(const PeerName& name) const {
    return registry_.gauge(kLastLinkTest, "The last answered test of the link", of_peer(name));
}

void LinkMetrics::forget(const PeerName& name) const {
    const Peer series = peer(name);
    registry_.remove(kUp, series.up);
    registry_.remove(kChanges, series.changes);
    registry_.remove(kLastLinkTest, last_link_test(name));
}

}  // namespace cbc
