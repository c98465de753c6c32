// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The table of CBEs: who may send warnings through this CBC, with which message codes and identifiers.
//
// A CBE is known by the URI in its certificate. The ranges of message codes are disjoint, so two offices can
// never use one serial number for two warnings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbc/domain/alert.h"
#include "common/base/result.h"

namespace cbc {

struct NumberRange {
    uint32_t first = 0;
    uint32_t last = 0;
    bool contains(uint32_t number) const { return first <= number && number <= last; }
    bool overlaps(const NumberRange& other) const { return first <= other.last && other.first <= last; }
    std::string text() const;
    // "4370-4382" or "4370".
    static base::Result<NumberRange> parse(std::string_view text, uint32_t most);
};

enum class StopRight { kOwnAlerts, kAnyAlert };

// Who answers for what it sends: two persons whose decisions come along, or somebody whom we don't see.
enum class Approval { kTwoPersons, kElsewhere };

struct Cbe {
    CbeName name;
    std::string certificate_uri;
    NumberRange codes;                      // of 0..1023
    std::optional<NumberRange> etws_codes;  // of 0..255; none: the part of `codes` below 256
    std::vector<NumberRange> identifiers;
    Mode mode = Mode::kLive;
    StopRight stop_right = StopRight::kOwnAlerts;
    Approval approval = Approval::kTwoPersons;

    bool may_use(MessageIdentifier identifier) const;
    // The range that the code of this serial number must be in, and that code.
    bool owns_code(SerialNumber serial, MessageIdentifier identifier) const;
    std::string codes_text(MessageIdentifier identifier) const;
};

class CbeTable {
 public:
    CbeTable() = default;
    // Refuses two entries of one name or certificate, and overlapping codes.
    static base::Result<CbeTable> create(std::vector<Cbe> entries);

    const Cbe* by_certificate(std::string_view uri) const;
    const Cbe* by_name(const CbeName& name) const;
    const std::vector<Cbe>& entries() const { return entries_; }

 private:
    explicit CbeTable(std::vector<Cbe> entries) : entries_(std::move(entries)) {}
    std::vector<Cbe> entries_;
};

// The message code that a phone tells messages apart by: ten bits, eight for ETWS.
uint16_t message_code(SerialNumber serial, MessageIdentifier identifier);

}  // namespace cbc
