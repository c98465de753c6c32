// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The messages of SBc-AP, between a cell broadcast centre and an MME, as values. TS 29.168 §4.3, §5.2.
//
// An element that a message must have is a plain member, one that it may have is optional; an empty list is
// an absent one, since the standard has no list without entries. What the 5GS extensions carry (an MME that
// also serves NR cells) stands in a member of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cbc/wire/elements.h"
#include "cbc/wire/radio_places.h"
#include "common/base/bytes.h"
#include "common/cbs/data_coding.h"
#include "common/cbs/message_identifier.h"
#include "common/cbs/serial_number.h"
#include "common/cbs/warning_type.h"

namespace cbc::sbcap {

enum class Procedure : uint8_t {
    kWriteReplaceWarning = 0,
    kStopWarning = 1,
    kErrorIndication = 2,
    kWriteReplaceWarningIndication = 3,
    kStopWarningIndication = 4,
    kPwsRestartIndication = 5,
    kPwsFailureIndication = 6,
};

// TS 29.168 §4.3.4.3.2. A peer may send a number that is not here; it is kept.
enum class Cause : uint8_t {
    kMessageAccepted = 0,
    kParameterNotRecognised = 1,
    kParameterValueInvalid = 2,
    kValidMessageNotIdentified = 3,
    kTrackingAreaNotValid = 4,
    kUnrecognisedMessage = 5,
    kMissingMandatoryElement = 6,
    kMmeCapacityExceeded = 7,
    kMmeMemoryExceeded = 8,
    kWarningBroadcastNotSupported = 9,
    kWarningBroadcastNotOperational = 10,
    kMessageReferenceAlreadyUsed = 11,
    kUnspecifiedError = 12,
    kTransferSyntaxError = 13,
    kSemanticError = 14,
    kMessageNotCompatibleWithReceiverState = 15,
    kAbstractSyntaxErrorReject = 16,
    kAbstractSyntaxErrorIgnoreAndNotify = 17,
    kAbstractSyntaxErrorFalselyConstructedMessage = 18,
};
std::string to_string(Cause cause);  // "message reference already used (11)"

// A period above 4,095 s travels in Extended-Repetition-Period; the plain one is 4,095 then and not looked
// at.
inline constexpr uint32_t kRepetitionPeriodMax = 131'071;  // seconds
inline constexpr uint32_t kPlainRepetitionPeriodMax = 4'095;

using WarningArea = std::variant<std::vector<Ecgi>, std::vector<Tai>, std::vector<EmergencyArea>>;
// The standard's module has a single TAI here, not a list.
using WarningArea5gs = std::variant<std::vector<Ecgi>, std::vector<Ncgi>, Tai5gs, std::vector<EmergencyArea>>;

using EpsCells = CellsByArea<Ecgi, Tai>;
using NrCells = CellsByArea<Ncgi, Tai5gs>;

// What a request says of NR cells. §4.3.3A.
struct Request5gs {
    std::vector<Tai5gs> tais;
    std::optional<WarningArea5gs> area;
    std::optional<RanNode> node;  // a write's alone
    bool rat_selector = false;
    friend bool operator==(const Request5gs&, const Request5gs&) = default;
};

struct WriteReplaceWarningRequest {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::vector<Tai> tais;  // which eNBs; none: all of the MME
    std::optional<WarningArea> area;
    uint32_t repetition_period = 0;  // seconds
    uint16_t number_of_broadcasts = 0;
    std::optional<cbs::WarningType> warning_type;  // ETWS primary notification
    base::Bytes security;                          // empty, or 50 octets
    std::optional<cbs::DataCoding> coding;
    base::Bytes contents;  // CB Data, TS 23.041 §9.4.2.2.5
    base::Bytes omc_id;    // empty, or 1 to 20 octets
    bool concurrent = false;
    bool send_indication = false;
    std::optional<EnbId> enb;
    base::Bytes coordinates;  // Warning-Area-Coordinates: 1 to 1,024 octets
    Request5gs nr;
    friend bool operator==(const WriteReplaceWarningRequest&, const WriteReplaceWarningRequest&) = default;
};

struct StopWarningRequest {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::vector<Tai> tais;
    std::optional<WarningArea> area;
    base::Bytes omc_id;
    bool send_indication = false;
    bool stop_all = false;
    Request5gs nr;  // without node
    friend bool operator==(const StopWarningRequest&, const StopWarningRequest&) = default;
};

using wire::CriticalityDiagnostics;

// There is no unsuccessful outcome: a cause that is not kMessageAccepted is the refusal.
struct WarningResponse {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    Cause cause = Cause::kMessageAccepted;
    std::optional<CriticalityDiagnostics> diagnostics;
    std::vector<Tai> unknown_tais;
    std::vector<Tai5gs> unknown_tais_5gs;
    friend bool operator==(const WarningResponse&, const WarningResponse&) = default;
};
struct WriteReplaceWarningResponse : WarningResponse {};
struct StopWarningResponse : WarningResponse {};

struct WriteReplaceWarningIndication {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::optional<EpsCells> scheduled;
    std::optional<NrCells> scheduled_nr;
    friend bool operator==(const WriteReplaceWarningIndication&,
                           const WriteReplaceWarningIndication&) = default;
};
struct StopWarningIndication {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::optional<EpsCells> cancelled;
    std::vector<EnbId> empty;  // eNBs where nothing was left to cancel
    std::optional<NrCells> cancelled_nr;
    std::vector<RanNode> empty_nr;
    friend bool operator==(const StopWarningIndication&, const StopWarningIndication&) = default;
};

struct PwsRestartIndication {
    std::vector<Ecgi> cells;
    EnbId enb;
    // Mandatory, but peers are known that leave it out: an empty list is accepted from them.
    std::vector<Tai> tais{};
    std::vector<EmergencyArea> emergency_areas{};
    std::vector<Ncgi> cells_nr{};
    std::vector<Tai5gs> tais_5gs{};
    std::optional<GnbId> gnb{};
    friend bool operator==(const PwsRestartIndication&, const PwsRestartIndication&) = default;
};
struct PwsFailureIndication {
    std::vector<Ecgi> cells;
    EnbId enb;
    std::vector<Ncgi> cells_nr{};
    std::optional<GnbId> gnb{};
    friend bool operator==(const PwsFailureIndication&, const PwsFailureIndication&) = default;
};

struct ErrorIndication {
    std::optional<Cause> cause;
    std::optional<CriticalityDiagnostics> diagnostics;
    friend bool operator==(const ErrorIndication&, const ErrorIndication&) = default;
};

using Message = std::variant<WriteReplaceWarningRequest, WriteReplaceWarningResponse, StopWarningRequest,
                             StopWarningResponse, ErrorIndication, WriteReplaceWarningIndication,
                             StopWarningIndication, PwsRestartIndication, PwsFailureIndication>;
std::string_view name_of(const Message& message);  // "Write-Replace-Warning-Request"

}  // namespace cbc::sbcap
