// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is counted about CBSP. doc/metrics.md lists the names; each series exists from the start.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <utility>

#include "cbc/domain/ids.h"
#include "common/metrics/metrics.h"

namespace cbc {

enum class Procedure { kWriteReplace, kKill, kStatusQuery, kLoadQuery, kSetDrx, kReset, kKeepAlive };
enum class RequestResult { kComplete, kFailure, kTimeout, kError };
enum class Indication { kRestart, kFailure, kError };
// What a peer may send and should not.
enum class Oddity { kUndecodable, kTooLong, kUnasked, kWrongDirection, kUnknownPeer };

std::string_view to_string(Procedure procedure);
std::string_view to_string(RequestResult result);
std::string_view to_string(Indication indication);
std::string_view to_string(Oddity oddity);

class CbspMetrics {
 public:
    explicit CbspMetrics(metrics::Registry& registry);

    void requested(Procedure procedure, RequestResult result, std::chrono::microseconds took) const;
    void retried(Procedure procedure) const;
    void indicated(Indication indication) const;
    void odd(Oddity oddity) const;

    // Of one peer; asked for once, when the peer becomes known.
    struct Peer {
        metrics::Gauge up;
        metrics::Counter changes;
        metrics::Gauge last_keep_alive;
    };
    Peer peer(const PeerName& name) const;

 private:
    metrics::Registry& registry_;
    std::map<std::pair<Procedure, RequestResult>, metrics::Counter> requests_;
    std::map<Procedure, metrics::Histogram> durations_;
    std::map<Procedure, metrics::Counter> retries_;
    std::map<Indication, metrics::Counter> indications_;
    std::map<Oddity, metrics::Counter> oddities_;
};

}  // namespace cbc
