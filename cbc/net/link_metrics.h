// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is counted about the links of one protocol. doc/metrics.md lists the names; each series exists from
// the start.
#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "cbc/domain/peer.h"
#include "common/metrics/metrics.h"

namespace cbc {

// Of all protocols, whatever each calls it: a Stop-Warning is a KILL.
enum class Procedure { kWriteReplace, kKill, kStatusQuery, kLoadQuery, kSetDrx, kReset, kKeepAlive };
enum class RequestResult { kComplete, kFailure, kTimeout, kError };
enum class Indication { kRestart, kFailure, kError, kScheduled, kCancelled };
// What a peer may send and should not.
enum class Oddity {
    kUndecodable,
    kTooLong,
    kUnasked,
    kWrongDirection,
    kUnknownPeer,
    kNotUnderstood,  // in part
    kForeign,        // of another protocol or stream
    kTooMany,        // connections
};

std::string_view to_string(Procedure procedure);
std::string_view to_string(RequestResult result);
std::string_view to_string(Indication indication);
std::string_view to_string(Oddity oddity);

class LinkMetrics {
 public:
    // Of the procedures that links of this protocol ask for.
    LinkMetrics(metrics::Registry& registry, Protocol protocol, std::span<const Procedure> procedures);

    void requested(Procedure procedure, RequestResult result, std::chrono::microseconds took) const;
    void retried(Procedure procedure) const;
    void indicated(Indication indication) const;
    void odd(Oddity oddity) const;

    // Of one peer; asked for once, when the peer becomes known.
    struct Peer {
        metrics::Gauge up;
        metrics::Counter changes;
    };
    Peer peer(const PeerName& name) const;
    // When the last test of the link was answered; for protocols that have one.
    metrics::Gauge last_link_test(const PeerName& name) const;
    // It is no peer any more, and its link is gone: its series are not shown again.
    void forget(const PeerName& name) const;

 private:
    metrics::Labels of_peer(const PeerName& name) const;

    metrics::Registry& registry_;
    std::string protocol_;
    std::map<std::pair<Procedure, RequestResult>, metrics::Counter> requests_;
    std::map<Procedure, metrics::Histogram> durations_;
    std::map<Procedure, metrics::Counter> retries_;
    std::map<Indication, metrics::Counter> indications_;
    std::map<Oddity, metrics::Counter> oddities_;
};

}  // namespace cbc
