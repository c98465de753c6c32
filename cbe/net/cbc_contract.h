// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a broadcast centre answers (its contract), as values of ours. Nothing it sends is taken on trust.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/delivery.h"
#include "cbe/domain/ids.h"
#include "cbe/domain/network.h"
#include "common/base/result.h"
#include "common/http/message.h"

namespace cbe {

// GET /alerts/{id}: it has the first of many cells.
struct AlertAnswer {
    CbcDelivery delivery;
    std::string next_cells;  // empty: these are all
};
base::Result<AlertAnswer> parse_alert(std::string_view body, const std::string& cbc);
// GET /alerts/{id}/cells: adds them, and gives what the next page comes after (empty: this is the last).
base::Result<std::string> add_cells(std::string_view body, CbcDelivery& delivery);
// GET /peers.
base::Result<std::vector<NetworkPeer>> parse_peers(std::string_view body);
// The data of an event "alert".
base::Result<AlertId> parse_alert_event(std::string_view data);

// What an answer to send or stop means.
enum class Taking { kTaken, kRefused, kTryAgain };
struct SendAnswer {
    Taking taking;
    std::string why;  // unless taken
};
enum class Request { kSend, kStop };
SendAnswer judge(const base::Result<http::Response>& response, Request request);

}  // namespace cbe
