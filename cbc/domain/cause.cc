// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cause.h"

#include <cstdio>
#include <span>
#include <string_view>

namespace cbc {
namespace {

using enum CauseMeaning;

// In the order of the codes, from 0.
struct Row {
    std::string_view words;
    CauseMeaning meaning;
};

constexpr Row kFarol[] = {
    {"the peer's answer does not name it", kLasting},
    {"the peer reports that it cannot broadcast", kLasting},
    {"no peer serves it", kLasting},
    {"the peer contradicts itself", kMayPass},
    {"the protocol of the peer cannot say this", kLasting},
    {"it is no peer of this centre any more", kLasting},
};

constexpr Row kCbsp[] = {
    {"parameter not recognised", kLasting},
    {"parameter value invalid", kLasting},
    {"message reference not identified", kNotIdentified},
    {"cell identity not valid", kPlaceUnknown},
    {"unrecognised message", kLasting},
    {"missing mandatory element", kLasting},
    {"BSC capacity exceeded", kMayPass},
    {"cell memory exceeded", kMayPass},
    {"BSC memory exceeded", kMayPass},
    {"cell broadcast not supported", kLasting},
    {"cell broadcast not operational", kMayPass},
    {"incompatible DRX parameter", kLasting},
    {"extended channel not supported", kLasting},
    {"message reference already used", kAlreadyUsed},
    {"unspecified error", kMayPass},
    {"LAI or LAC not valid", kPlaceUnknown},
};

constexpr Row kSabp[] = {
    {"parameter not recognised", kLasting},
    {"parameter value invalid", kLasting},
    {"valid CN message not identified", kNotIdentified},
    {"service area identity not valid", kPlaceUnknown},
    {"unrecognised message", kLasting},
    {"missing mandatory element", kLasting},
    {"RNC capacity exceeded", kMayPass},
    {"RNC memory exceeded", kMayPass},
    {"service area broadcast not supported", kLasting},
    {"service area broadcast not operational", kMayPass},
    {"message reference already used", kAlreadyUsed},
    {"unspecified error", kMayPass},
    {"transfer syntax error", kLasting},
    {"semantic error", kLasting},
    {"message not compatible with receiver state", kMayPass},
    {"abstract syntax error (reject)", kLasting},
    {"abstract syntax error (ignore and notify)", kLasting},
    {"abstract syntax error (falsely constructed message)", kLasting},
};

constexpr Row kSbcap[] = {
    {"message accepted", kLasting},
    {"parameter not recognised", kLasting},
    {"parameter value invalid", kLasting},
    {"valid message not identified", kNotIdentified},
    {"tracking area not valid", kPlaceUnknown},
    {"unrecognised message", kLasting},
    {"missing mandatory element", kLasting},
    {"MME capacity exceeded", kMayPass},
    {"MME memory exceeded", kMayPass},
    {"warning broadcast not supported", kLasting},
    {"warning broadcast not operational", kMayPass},
    {"message reference already used", kAlreadyUsed},
    {"unspecified error", kMayPass},
    {"transfer syntax error", kLasting},
    {"semantic error", kLasting},
    {"message not compatible with receiver state", kMayPass},
    {"abstract syntax error (reject)", kLasting},
    {"abstract syntax error (ignore and notify)", kLasting},
    {"abstract syntax error (falsely constructed message)", kLasting},
};

std::span<const Row> rows_of(CauseSource source) {
    switch (source) {
        case CauseSource::kFarol:
            return kFarol;
        case CauseSource::kCbsp:
            return kCbsp;
        case CauseSource::kSabp:
            return kSabp;
        case CauseSource::kSbcap:
            return kSbcap;
        case CauseSource::kN50:
            return {};
    }
    return {};
}

const Row* row_of(Cause cause) {
    const auto rows = rows_of(cause.source);
    return cause.code < rows.size() ? &rows[cause.code] : nullptr;
}

// RFC 9110 §15: what is worth another try.
bool status_may_pass(uint16_t status) { return status == 408 || status == 429 || status >= 500; }

}  // namespace

CauseMeaning meaning_of(Cause cause) {
    if (cause.source == CauseSource::kN50) return status_may_pass(cause.code) ? kMayPass : kLasting;
    const Row* row = row_of(cause);
    return row != nullptr ? row->meaning : kLasting;
}

std::string text_of(Cause cause) {
    if (cause.source == CauseSource::kN50) return "refused with status " + std::to_string(cause.code);
    const Row* row = row_of(cause);
    const std::string words(row != nullptr ? row->words : "unknown cause");
    if (cause.source == CauseSource::kFarol) return words;
    if (cause.source != CauseSource::kCbsp) return words + " (" + std::to_string(cause.code) + ")";
    char code[16];
    std::snprintf(code, sizeof code, " (0x%02x)", cause.code);
    return words + code;
}

}  // namespace cbc
