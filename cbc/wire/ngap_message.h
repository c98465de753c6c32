// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The messages of NGAP that public warning has, between an AMF and its nodes, as values; a CBCF sends and
// receives them inside of N50's messages. TS 38.413 §8.9, §9.2.8; TS 29.518 §6.1.6.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "cbc/wire/elements.h"
#include "cbc/wire/radio_places.h"
#include "common/base/bytes.h"
#include "common/cbs/data_coding.h"
#include "common/cbs/message_identifier.h"
#include "common/cbs/serial_number.h"
#include "common/cbs/warning_type.h"

namespace cbc::ngap {

enum class Procedure : uint8_t {
    kPwsCancel = 32,
    kPwsFailureIndication = 33,
    kPwsRestartIndication = 34,
    kWriteReplaceWarning = 51,
};

inline constexpr uint32_t kRepetitionPeriodMax = 131'071;  // seconds

using WarningArea =
    std::variant<std::vector<Ecgi>, std::vector<Ncgi>, std::vector<Tai5gs>, std::vector<EmergencyArea>>;
using EutraCells = CellsByArea<Ecgi, Tai5gs>;
using NrCells = CellsByArea<Ncgi, Tai5gs>;
// A CHOICE on the wire: of the three lists exactly one has entries.
using BroadcastArea = std::variant<EutraCells, NrCells>;
using CellIds = std::variant<std::vector<Ecgi>, std::vector<Ncgi>>;

struct WriteReplaceWarningRequest {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::optional<WarningArea> area;
    uint32_t repetition_period = 0;  // seconds
    uint16_t number_of_broadcasts = 0;
    std::optional<cbs::WarningType> warning_type;  // ETWS primary notification
    base::Bytes security;                          // empty, or 50 octets
    std::optional<cbs::DataCoding> coding;
    base::Bytes contents;  // CB Data, TS 23.041 §9.4.2.2.5
    bool concurrent = false;
    base::Bytes coordinates;  // 1 to 1,024 octets
    friend bool operator==(const WriteReplaceWarningRequest&, const WriteReplaceWarningRequest&) = default;
};
struct WriteReplaceWarningResponse {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::optional<BroadcastArea> completed;
    std::optional<wire::CriticalityDiagnostics> diagnostics;
    friend bool operator==(const WriteReplaceWarningResponse&, const WriteReplaceWarningResponse&) = default;
};

struct PwsCancelRequest {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::optional<WarningArea> area;
    bool cancel_all = false;
    friend bool operator==(const PwsCancelRequest&, const PwsCancelRequest&) = default;
};
struct PwsCancelResponse {
    cbs::MessageIdentifier message_identifier;
    cbs::SerialNumber serial;
    std::optional<BroadcastArea> cancelled;
    std::optional<wire::CriticalityDiagnostics> diagnostics;
    friend bool operator==(const PwsCancelResponse&, const PwsCancelResponse&) = default;
};

struct PwsRestartIndication {
    CellIds cells;
    RanNode node;
    std::vector<Tai5gs> tais{};
    std::vector<EmergencyArea> emergency_areas{};
    friend bool operator==(const PwsRestartIndication&, const PwsRestartIndication&) = default;
};
struct PwsFailureIndication {
    CellIds cells;
    RanNode node;
    friend bool operator==(const PwsFailureIndication&, const PwsFailureIndication&) = default;
};

using Message = std::variant<WriteReplaceWarningRequest, WriteReplaceWarningResponse, PwsCancelRequest,
                             PwsCancelResponse, PwsRestartIndication, PwsFailureIndication>;
std::string_view name_of(const Message& message);  // "WriteReplaceWarningRequest"

}  // namespace cbc::ngap
