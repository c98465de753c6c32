// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Rows for the tables of messages and elements that each protocol has (sbcap_tables.cc, ngap_tables.cc,
// sabp_tables.cc), in the words of the standards' columns.
#pragma once

#include <algorithm>

#include "cbc/wire/elements.h"

namespace cbc::wire::table {

// Criticality, and presence or "in the extensions".
enum Column : uint8_t { kReject, kIgnore, kMandatory, kOptional, kExtension };

constexpr Criticality criticality_of(Column column) {
    return column == kReject ? Criticality::kReject : Criticality::kIgnore;
}

constexpr ElementRule row(uint16_t id, Column criticality, Column presence, std::string_view name) {
    return {id, criticality_of(criticality),
            presence == kMandatory ? Presence::kMandatory : Presence::kOptional,
            presence == kExtension ? Where::kExtension : Where::kElement, name};
}

constexpr MessageRule message(uint8_t procedure, Trigger trigger, Column criticality, std::string_view name,
                              std::span<const ElementRule> elements) {
    return {procedure, trigger, criticality_of(criticality), name, elements};
}

// Null pointer: there is no such message.
inline const MessageRule* find(std::span<const MessageRule> messages, uint8_t procedure, Trigger trigger) {
    const auto found = std::ranges::find_if(messages, [&](const MessageRule& rule) {
        return rule.procedure == procedure && rule.trigger == trigger;
    });
    return found == messages.end() ? nullptr : &*found;
}

}  // namespace cbc::wire::table
