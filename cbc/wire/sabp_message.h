// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The messages of SABP, between a cell broadcast centre and an RNC, as values. TS 25.419 §8, §9.1.
//
// An element that a message must have is a plain member, one that it may have is optional; an empty list is
// an absent one, since the standard has no list without entries.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cbc/domain/place.h"
#include "cbc/wire/elements.h"
#include "common/base/bytes.h"
#include "common/cbs/data_coding.h"
#include "common/cbs/message_identifier.h"
#include "common/cbs/serial_number.h"
#include "common/cbs/warning_type.h"

namespace cbc::sabp {

enum class Procedure : uint8_t {
    kWriteReplace = 0,
    kKill = 1,
    kLoadStatusEnquiry = 2,
    kMessageStatusQuery = 3,
    kRestartIndication = 4,
    kReset = 5,
    kFailureIndication = 6,
    kErrorIndication = 7,
};

// TS 25.419 §9.2.7. A peer may send a number that is not here; it is kept. In words: domain/cause.h.
enum class Cause : uint8_t {
    kParameterNotRecognised = 0,
    kParameterValueInvalid = 1,
    kValidMessageNotIdentified = 2,
    kServiceAreaNotValid = 3,
    kUnrecognisedMessage = 4,
    kMissingMandatoryElement = 5,
    kRncCapacityExceeded = 6,
    kRncMemoryExceeded = 7,
    kServiceAreaBroadcastNotSupported = 8,
    kServiceAreaBroadcastNotOperational = 9,
    kMessageReferenceAlreadyUsed = 10,
    kUnspecifiedError = 11,
    kTransferSyntaxError = 12,
    kSemanticError = 13,
    kMessageNotCompatibleWithReceiverState = 14,
    kAbstractSyntaxErrorReject = 15,
    kAbstractSyntaxErrorIgnoreAndNotify = 16,
    kAbstractSyntaxErrorFalselyConstructedMessage = 17,
};

// Service Area Identifier: cells that are one area to the core network. TS 23.003 §12.5.
struct ServiceArea {
    PlmnId plmn;
    uint16_t lac;
    uint16_t sac;
    friend auto operator<=>(const ServiceArea&, const ServiceArea&) = default;
};
using ServiceAreas = std::vector<ServiceArea>;

struct Failed {
    ServiceArea area;
    Cause cause;
    friend bool operator==(const Failed&, const Failed&) = default;
};
// Why the number of broadcasts is not the whole truth.
enum class CountNote : uint8_t { kOverflow = 0, kUnknown = 1 };
struct Completed {
    ServiceArea area;
    uint16_t broadcasts;
    std::optional<CountNote> note;
    friend bool operator==(const Completed&, const Completed&) = default;
};
inline constexpr uint16_t kBandwidthMax = 20'480;
struct Loading {
    ServiceArea area;
    uint16_t bandwidth;  // free, in bit/s
    friend bool operator==(const Loading&, const Loading&) = default;
};

enum class Category : uint8_t { kHighPriority = 0, kBackground = 1, kNormal = 2, kDefault = 3 };
// The inverse of CBSP's.
enum class RecoveryIndication : uint8_t { kDataLost = 0, kDataAvailable = 1 };

inline constexpr uint16_t kRepetitionPeriodMax = 4'096;  // seconds; the least is 1
inline constexpr size_t kContentOctetsMax = 1'246;

struct WriteReplace {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber new_serial;
    std::optional<cbs::SerialNumber> old_serial;  // that it takes the place of
    ServiceAreas areas;
    std::optional<Category> category;
    uint16_t repetition_period = 1;     // seconds
    uint16_t number_of_broadcasts = 0;  // 0: until it is killed
    cbs::DataCoding coding{0};
    base::Bytes content;  // CB Data, TS 23.041 §9.4.2.2.5
    // ETWS: phones are paged, and told the type at once.
    bool paging = false;
    std::optional<cbs::WarningType> warning_type;
    base::Bytes security;            // empty, or 50 octets
    bool content_not_valid = false;  // a primary notification alone: the content is not to be looked at
    friend bool operator==(const WriteReplace&, const WriteReplace&) = default;
};
struct Kill {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    ServiceAreas areas;
    friend bool operator==(const Kill&, const Kill&) = default;
};
struct MessageStatusQuery {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    ServiceAreas areas;
    friend bool operator==(const MessageStatusQuery&, const MessageStatusQuery&) = default;
};

// What the three are answered with: all areas did as asked, or not all.
struct BroadcastAnswer {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::vector<Failed> failed;  // a failure's alone
    std::vector<Completed> completed;
    std::optional<wire::CriticalityDiagnostics> diagnostics;
    friend bool operator==(const BroadcastAnswer&, const BroadcastAnswer&) = default;
};
struct WriteReplaceComplete : BroadcastAnswer {};
struct WriteReplaceFailure : BroadcastAnswer {};
struct KillComplete : BroadcastAnswer {};
struct KillFailure : BroadcastAnswer {};
struct MessageStatusQueryComplete : BroadcastAnswer {};
struct MessageStatusQueryFailure : BroadcastAnswer {};

struct LoadQuery {
    ServiceAreas areas;
    friend bool operator==(const LoadQuery&, const LoadQuery&) = default;
};
struct LoadAnswer {
    std::vector<Failed> failed;  // a failure's alone
    std::vector<Loading> loads;
    std::optional<wire::CriticalityDiagnostics> diagnostics;
    friend bool operator==(const LoadAnswer&, const LoadAnswer&) = default;
};
struct LoadQueryComplete : LoadAnswer {};
struct LoadQueryFailure : LoadAnswer {};

struct Reset {
    ServiceAreas areas;
    friend bool operator==(const Reset&, const Reset&) = default;
};
struct ResetAnswer {
    std::vector<Failed> failed;  // a failure's alone
    ServiceAreas areas;
    std::optional<wire::CriticalityDiagnostics> diagnostics;
    friend bool operator==(const ResetAnswer&, const ResetAnswer&) = default;
};
struct ResetComplete : ResetAnswer {};
struct ResetFailure : ResetAnswer {};

// Without areas only if the RNC left out what it must send.
struct Restart {
    ServiceAreas areas;
    std::optional<RecoveryIndication> recovery;
    friend bool operator==(const Restart&, const Restart&) = default;
};
struct Failure {
    ServiceAreas areas;
    friend bool operator==(const Failure&, const Failure&) = default;
};

struct ErrorIndication {
    std::optional<cbs::MessageIdentifier> message_identifier{};
    std::optional<cbs::SerialNumber> serial{};
    std::optional<Cause> cause{};
    std::optional<wire::CriticalityDiagnostics> diagnostics{};
    friend bool operator==(const ErrorIndication&, const ErrorIndication&) = default;
};

using Message = std::variant<WriteReplace, WriteReplaceComplete, WriteReplaceFailure, Kill, KillComplete,
                             KillFailure, LoadQuery, LoadQueryComplete, LoadQueryFailure, MessageStatusQuery,
                             MessageStatusQueryComplete, MessageStatusQueryFailure, Reset, ResetComplete,
                             ResetFailure, Restart, Failure, ErrorIndication>;
std::string_view name_of(const Message& message);  // "Write-Replace-Complete"

}  // namespace cbc::sabp
