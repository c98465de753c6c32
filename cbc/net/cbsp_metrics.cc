// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/cbsp_metrics.h"

#include <array>

namespace cbc {
namespace {

constexpr std::array kProcedures{Procedure::kWriteReplace, Procedure::kKill,   Procedure::kStatusQuery,
                                 Procedure::kLoadQuery,    Procedure::kSetDrx, Procedure::kReset,
                                 Procedure::kKeepAlive};
constexpr std::array kResults{RequestResult::kComplete, RequestResult::kFailure, RequestResult::kTimeout,
                              RequestResult::kError};
constexpr std::array kIndications{Indication::kRestart, Indication::kFailure, Indication::kError};
constexpr std::array kOddities{Oddity::kUndecodable, Oddity::kTooLong, Oddity::kUnasked,
                               Oddity::kWrongDirection, Oddity::kUnknownPeer};

metrics::Labels labels(std::initializer_list<std::pair<const std::string, std::string>> more) {
    metrics::Labels all{more};
    all.emplace("interface", "cbsp");
    return all;
}

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
    }
    return "unknown";
}

CbspMetrics::CbspMetrics(metrics::Registry& registry) : registry_(registry) {
    for (const Procedure procedure : kProcedures) {
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

void CbspMetrics::requested(Procedure procedure, RequestResult result, std::chrono::microseconds took) const {
    requests_.at({procedure, result}).add();
    if (result != RequestResult::kTimeout) durations_.at(procedure).observe(took);
}
void CbspMetrics::retried(Procedure procedure) const { retries_.at(procedure).add(); }
void CbspMetrics::indicated(Indication indication) const { indications_.at(indication).add(); }
void CbspMetrics::odd(Oddity oddity) const { oddities_.at(oddity).add(); }

CbspMetrics::Peer CbspMetrics::peer(const PeerName& name) const {
    const metrics::Labels of_peer{{"protocol", "cbsp"}, {"peer", name.value()}};
    return {registry_.gauge("farol_peer_up", "1 while the peer takes requests", of_peer),
            registry_.counter("farol_peer_state_changes_total", "Links that came up or went down", of_peer),
            registry_.gauge("farol_peer_last_link_test_success_timestamp_seconds",
                            "The last answered KEEP-ALIVE", of_peer)};
}

}  // namespace cbc
