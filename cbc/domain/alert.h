// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An alert as a CBE sends it: revisions that never change, and one tombstone that ends it.
//
// A revision replaces every lower one. A stop is a Tombstone: it beats every revision, known or still to
// come, and is kept until the alert's end + 24 h, as long as a phone may remember the serial number
// (TS 23.041 §9.4.1.2.1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cbc/domain/place.h"
#include "common/base/strong.h"
#include "common/base/uuid.h"
#include "common/cbs/message_identifier.h"
#include "common/cbs/serial_number.h"
#include "common/cbs/text.h"
#include "common/cbs/warning_type.h"
#include "common/geo/shape.h"
#include "common/time/clock.h"

namespace cbc {

using cbs::MessageIdentifier;
using cbs::SerialNumber;
using AlertId = base::Strong<struct AlertIdTag, base::Uuid>;
using Revision = base::Strong<struct RevisionTag, uint16_t>;
using Digest = base::Strong<struct DigestTag, std::string>;  // SHA-256 of the content, lower-case hexadecimal
using CbeName = base::Strong<struct CbeNameTag, std::string>;  // its entry in the table of CBEs

inline constexpr std::chrono::hours kKeptAfterEnd{24};

enum class Mode { kLive, kTraining };
enum class Category { kNormal, kHigh, kBackground };
enum class DecisionAction { kSubmit, kApprove, kShrink, kStop };

std::string_view to_string(Mode mode);
std::string_view to_string(Category category);
std::string_view to_string(DecisionAction action);
std::optional<Mode> mode_of(std::string_view word);
std::optional<Category> category_of(std::string_view word);
std::optional<DecisionAction> action_of(std::string_view word);

// With which a phone can tell that an ETWS primary notification is genuine: a time stamp of 7 octets and a
// signature of 43. TS 23.041 §9.3.25.
using SecurityInformation = std::array<uint8_t, 50>;

struct Message {
    MessageIdentifier identifier;
    std::string language;  // BCP 47: "en", "pt-BR"; empty where there is no text
    std::string text;      // UTF-8; of ETWS it may be empty: a primary notification alone
    std::optional<SecurityInformation> security{};  // of ETWS
    // As the sender coded it; goes out in the place of the text.
    std::optional<cbs::EncodedText> coded{};
    // Of ETWS, as the sender says it; none: as identifier and serial number do.
    std::optional<cbs::WarningType> warning_type{};
    friend bool operator==(const Message&, const Message&) = default;
};

struct AllCells {
    friend bool operator==(const AllCells&, const AllCells&) = default;
};

// Cells, location, tracking and emergency areas by name, and shapes. All of it together.
struct ChosenArea {
    PlaceSet places{};
    std::vector<geo::Shape> shapes{};

    ChosenArea() = default;
    ChosenArea(PlaceSet named, std::vector<geo::Shape> drawn = {})
        : places(std::move(named)), shapes(std::move(drawn)) {}
    friend bool operator==(const ChosenArea&, const ChosenArea&) = default;
};
using Area = std::variant<AllCells, ChosenArea>;

// When and how often, which may change without a new text and so without a new serial number.
struct Schedule {
    base::Instant start;
    base::Instant end;
    std::chrono::seconds repetition_period{60};
    std::optional<uint16_t> number_of_broadcasts;  // none: until the end
    Category category = Category::kNormal;
    // For CBSP, where the sender counts the period in slots of 1.883 s there; none: as the seconds say.
    std::optional<uint16_t> slots{};
    friend bool operator==(const Schedule&, const Schedule&) = default;
};

// What the digest is made of: all that goes on air and nothing else.
struct Content {
    Mode mode = Mode::kLive;
    SerialNumber serial;
    std::vector<Message> messages;
    Area area;
    Schedule schedule;
    friend bool operator==(const Content&, const Content&) = default;
};

struct Decision {
    DecisionAction action;
    std::string user;
    base::Instant time;
    uint64_t totp_step;
    friend bool operator==(const Decision&, const Decision&) = default;
};

struct AlertRevision {
    AlertId id;
    Revision revision;
    Content content;
    Digest digest;
    std::vector<Decision> decisions;
    CbeName cbe;
    base::Instant received;
    friend bool operator==(const AlertRevision&, const AlertRevision&) = default;
};

struct Tombstone {
    AlertId id;
    CbeName stopped_by;
    Digest seen;  // of the revision that the officer saw
    std::vector<Decision> decisions;
    base::Instant at;
    friend bool operator==(const Tombstone&, const Tombstone&) = default;
};

// Whether `after` only takes away from `before`: a smaller area, an earlier end, fewer or rarer repetitions,
// and the same in everything else. Such a revision needs one decision instead of two. An area is smaller when
// that can be shown without the cell table: places of the list before, shapes that lie in a shape from
// before. Everything else counts as growing.
enum class Extent { kShrinks, kGrows };
Extent extent_of(const Content& before, const Content& after);

}  // namespace cbc
