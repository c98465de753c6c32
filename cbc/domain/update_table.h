// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a change of an alert makes of the requests to a peer, as data: protocol by change. README.md shows the
// same table to people, and a unit test drives a Delivery through every cell of it.
//
// CBSP and SABP can name the serial number that a write takes the place of; SBc-AP and N50 cannot, so there
// the new message goes on the air before the old one is stopped. What no protocol has is a change of a
// message that keeps its serial number: that is stopped and written again. TS 48.049 §7.2, TS 25.419 §8.2,
// TS 29.168 §4.3.3, TS 38.413 §8.9.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "cbc/domain/peer.h"

namespace cbc {

enum class Change : uint8_t {
    kText,        // new words, and so a new serial number
    kLonger,      // a later end
    kShorter,     // an earlier end
    kLarger,      // more places
    kSmaller,     // fewer places
    kMoved,       // some places left, some new ones
    kStopInPart,  // an officer stops it in some places
    kRetry,       // a refusal that may pass has been waited for
    kReload,      // a place has restarted without its data
};
inline constexpr std::array kAllChanges{Change::kText,       Change::kLonger,  Change::kShorter,
                                        Change::kLarger,     Change::kSmaller, Change::kMoved,
                                        Change::kStopInPart, Change::kRetry,   Change::kReload};

// In which places: "here" where it was and shall be, "left" and "new" where the area has changed.
enum class Step : uint8_t { kReplaceHere, kWriteHere, kStopHere, kStopOldHere, kWriteNew, kStopLeft };

std::string_view to_string(Change change);  // "text", "stop in part"
// In the protocol's words: "WRITE-REPLACE (old serial)".
std::string text_of(Step step, Protocol protocol);

// In this order; each waits for the answer to the one before. None: nothing is asked now.
std::span<const Step> steps_for(Change change, Protocol protocol);
// Whether a phone that has shown the warning shows it again.
bool alerts_again(Change change);

}  // namespace cbc
