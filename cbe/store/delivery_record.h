// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the broadcast centres were told about an alert and what they say about it, as rows of the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/delivery.h"
#include "cbe/domain/ids.h"
#include "common/base/result.h"
#include "common/store/store.h"

namespace cbe {

std::string encode(const CbcDelivery& delivery);
base::Result<CbcDelivery> decode_delivery(std::string_view row);

enum class SendingWhat { kSend, kStop };
std::string_view to_string(SendingWhat what);

// kWaiting: not yet taken; tried again and again. kRefused: the centre said no, which no repetition changes.
enum class SendingState { kWaiting, kTaken, kRefused };
std::string_view to_string(SendingState state);

struct Sending {
    std::string cbc;
    SendingWhat what = SendingWhat::kSend;
    SendingState state = SendingState::kWaiting;
    std::string text;  // why it waits or was refused
};
std::string encode(const Sending& sending);
base::Result<Sending> decode_sending(std::string_view row);

std::vector<CbcDelivery> deliveries_of(const store::Reader& reader, const AlertId& id);
std::vector<Sending> sendings_of(const store::Reader& reader, const AlertId& id);
void put_delivery(store::Transaction& transaction, const AlertId& id, const CbcDelivery& delivery);
void put_sending(store::Transaction& transaction, const AlertId& id, const Sending& sending);
void erase_sending(store::Transaction& transaction, const AlertId& id, const Sending& sending);

}  // namespace cbe
