// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Why a warning is not on the air somewhere: the code of the protocol that said so, or one of ours.
//
// TS 48.049 §8.2.14 (CBSP), TS 25.419 §9.2.6 (SABP), TS 29.168 §4.3.4.3.2 (SBc-AP); N50 gives the status of
// HTTP.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace cbc {

enum class CauseSource : uint8_t { kFarol, kCbsp, kSabp, kSbcap, kN50 };

struct Cause {
    CauseSource source;
    uint16_t code;
    friend auto operator<=>(const Cause&, const Cause&) = default;
};

// What it means to us, whichever protocol says it.
enum class CauseMeaning : uint8_t {
    kLasting,        // the same request will be refused again
    kMayPass,        // worth another try later
    kNotIdentified,  // the peer has no such message
    kAlreadyUsed,    // the peer has this very message
    kPlaceUnknown,   // the peer does not know the cell or area
};
CauseMeaning meaning_of(Cause cause);
std::string text_of(Cause cause);  // "cell identity not valid (0x03)"

inline constexpr Cause kCauseNotNamed{CauseSource::kFarol, 0};       // the peer's answer does not mention it
inline constexpr Cause kCauseReportedDown{CauseSource::kFarol, 1};   // the peer says that it cannot broadcast
inline constexpr Cause kCauseNoPeer{CauseSource::kFarol, 2};         // no peer serves it
inline constexpr Cause kCauseContradiction{CauseSource::kFarol, 3};  // asked again and again, in vain
inline constexpr Cause kCauseCannotEncode{CauseSource::kFarol, 4};   // the protocol cannot say this
inline constexpr Cause kCauseNoLongerPeer{CauseSource::kFarol, 5};   // the configuration has it no more

constexpr Cause cbsp_cause(uint16_t code) { return {CauseSource::kCbsp, code}; }
constexpr Cause sabp_cause(uint16_t code) { return {CauseSource::kSabp, code}; }
constexpr Cause sbcap_cause(uint16_t code) { return {CauseSource::kSbcap, code}; }
constexpr Cause n50_cause(uint16_t http_status) { return {CauseSource::kN50, http_status}; }

}  // namespace cbc
