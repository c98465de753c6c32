// SPDX-License-Identifier: AGPL-3.0-or-later
//
// N50's bodies to JSON and back. Pure functions. TS 29.518 §6.1.6, TS 29.571 §5.4.
//
// Members that nobody knows are passed over, since later releases add some; one that we need and that is
// missing or wrong is an error that names it by its JSON pointer. Lists are bounded.
#pragma once

#include <string>
#include <string_view>

#include "cbc/wire/n50_message.h"
#include "common/base/result.h"

namespace cbc::n50 {

std::string encode(const TransferRequest& request);
std::string encode(const Subscription& subscription);

base::Result<TransferAnswer> read_transfer_answer(std::string_view body);
// NonUeN2InfoSubscriptionCreatedData: the subscription's name.
base::Result<std::string> read_subscribed(std::string_view body);
base::Result<Notification> read_notification(std::string_view body);
// Never fails: a body that says nothing is an empty refusal.
Refusal read_refusal(std::string_view body);

}  // namespace cbc::n50
