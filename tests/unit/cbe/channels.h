// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Channels of tests: each with one identifier and a minute between repetitions.
#pragma once

#include "cbe/domain/channel.h"

namespace test {

inline cbe::Channel channel(const char* key, const char* name, uint16_t identifier,
                            cbe::OptOut opt_out = cbe::OptOut::kYes,
                            cbe::ChannelKind kind = cbe::ChannelKind::kLive,
                            std::chrono::seconds lasts = std::chrono::hours{1}) {
    return {key, name, {cbs::MessageIdentifier{identifier}}, kind, opt_out, lasts, std::chrono::seconds{60}};
}
inline cbe::Channel monthly_test() {
    return channel("rmt", "Monthly test", 4380, cbe::OptOut::kOffByDefault, cbe::ChannelKind::kTest);
}

}  // namespace test
