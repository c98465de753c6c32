// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "cbc/wire/sbcap_codec.h"
#include "cbc/wire/sbcap_elements.h"
#include "cbc/wire/sbcap_tables.h"
#include "cbc/wire/sbcap_values.h"

namespace cbc::sbcap {
namespace {

using wire::Pdu;

// Puts elements into a PDU with the criticality that the table gives them; the first that cannot be encoded
// ends it.
class Elements {
 public:
    Elements(Pdu& pdu, const wire::MessageRule& rule) : pdu_(pdu), rule_(rule) {}

    template <class Struct, class T>
    void add(Id id, const asn1::Type& type, const T& value) {
        const auto structure = asn1::make<Struct>(type);
        put(*structure, value);
        add_structure(id, type, structure.get());
    }
    template <class Struct, class T>
    void add(Id id, const asn1::Type& type, const std::optional<T>& value) {
        if (value) add<Struct>(id, type, *value);
    }
    template <class Struct, class T>
    void add_list(Id id, const asn1::Type& type, const std::vector<T>& values) {
        if (values.empty()) return;
        const auto structure = asn1::make<Struct>(type);
        put_all(*structure, values);
        add_structure(id, type, structure.get());
    }
    void add_number(Id id, const asn1::Type& type, long number) { add_structure(id, type, &number); }
    void add_bits(Id id, const asn1::Type& type, uint64_t bits, int count) {
        const auto structure = asn1::make<BIT_STRING_t>(type);
        asn1::assign(*structure, bits, count);
        add_structure(id, type, structure.get());
    }
    void add_octets(Id id, const asn1::Type& type, base::ByteView octets) {
        if (octets.empty()) return;
        const auto structure = asn1::make<OCTET_STRING_t>(type);
        asn1::assign(*structure, octets);
        add_structure(id, type, structure.get());
    }
    // An ENUMERATED of one value.
    void add_flag(Id id, bool flag) {
        if (flag) add_number(id, asn_DEF_SBCAP_Concurrent_Warning_Message_Indicator, 0);
    }

    const std::optional<base::Error>& error() const { return error_; }

 private:
    void add_structure(Id id, const asn1::Type& type, const void* structure) {
        if (error_) return;
        auto octets = asn1::encode(type, structure);
        if (!octets) {
            error_ = octets.error();
            return;
        }
        const auto rule = std::ranges::find(rule_.elements, id, &wire::ElementRule::id);
        auto& list = rule->where == wire::Where::kExtension ? pdu_.extensions : pdu_.elements;
        list.push_back({id, rule->criticality, std::move(*octets)});
    }

    Pdu& pdu_;
    const wire::MessageRule& rule_;
    std::optional<base::Error> error_;
};

template <class Message>
void write_reference(Elements& out, const Message& message) {
    out.add_bits(kIdMessageIdentifier, asn_DEF_SBCAP_Message_Identifier, message.message_identifier.value(),
                 16);
    out.add_bits(kIdSerialNumber, asn_DEF_SBCAP_Serial_Number, message.serial.value(), 16);
}

void write_5gs(Elements& out, const Request5gs& nr) {
    out.add_list<SBCAP_List_of_5GS_TAIs_t>(kIdListOf5gsTais, asn_DEF_SBCAP_List_of_5GS_TAIs, nr.tais);
    out.add<SBCAP_Warning_Area_List_5GS_t>(kIdWarningAreaList5gs, asn_DEF_SBCAP_Warning_Area_List_5GS,
                                           nr.area);
}

void write(Elements& out, const WriteReplaceWarningRequest& message) {
    write_reference(out, message);
    out.add_list<SBCAP_List_of_TAIs_t>(kIdListOfTais, asn_DEF_SBCAP_List_of_TAIs, message.tais);
    out.add<SBCAP_Warning_Area_List_t>(kIdWarningAreaList, asn_DEF_SBCAP_Warning_Area_List, message.area);
    const bool is_long = message.repetition_period > kPlainRepetitionPeriodMax;
    out.add_number(kIdRepetitionPeriod, asn_DEF_SBCAP_Repetition_Period,
                   is_long ? kPlainRepetitionPeriodMax : message.repetition_period);
    if (is_long)
        out.add_number(kIdExtendedRepetitionPeriod, asn_DEF_SBCAP_Extended_Repetition_Period,
                       message.repetition_period);
    out.add_number(kIdNumberOfBroadcastsRequested, asn_DEF_SBCAP_Number_of_Broadcasts_Requested,
                   message.number_of_broadcasts);
    if (message.warning_type) {
        base::Writer type;
        type.u16(cbs::to_wire(*message.warning_type));
        out.add_octets(kIdWarningType, asn_DEF_SBCAP_Warning_Type, type.take());
    }
    out.add_octets(kIdWarningSecurityInformation, asn_DEF_SBCAP_Warning_Security_Information,
                   message.security);
    if (message.coding)
        out.add_bits(kIdDataCodingScheme, asn_DEF_SBCAP_Data_Coding_Scheme, message.coding->value(), 8);
    out.add_octets(kIdWarningMessageContent, asn_DEF_SBCAP_Warning_Message_Content, message.contents);
    out.add_octets(kIdOmcId, asn_DEF_SBCAP_Omc_Id, message.omc_id);
    out.add_flag(kIdConcurrentWarningMessageIndicator, message.concurrent);
    out.add_flag(kIdSendWriteReplaceWarningIndication, message.send_indication);
    out.add<SBCAP_Global_ENB_ID_t>(kIdGlobalEnbId, asn_DEF_SBCAP_Global_ENB_ID, message.enb);
    out.add_octets(kIdWarningAreaCoordinates, asn_DEF_SBCAP_Warning_Area_Coordinates, message.coordinates);
    write_5gs(out, message.nr);
    out.add<SBCAP_Global_RAN_Node_ID_t>(kIdGlobalRanNodeId, asn_DEF_SBCAP_Global_RAN_Node_ID,
                                        message.nr.node);
    out.add_flag(kIdRatSelector5gs, message.nr.rat_selector);
}

void write(Elements& out, const StopWarningRequest& message) {
    write_reference(out, message);
    out.add_list<SBCAP_List_of_TAIs_t>(kIdListOfTais, asn_DEF_SBCAP_List_of_TAIs, message.tais);
    out.add<SBCAP_Warning_Area_List_t>(kIdWarningAreaList, asn_DEF_SBCAP_Warning_Area_List, message.area);
    out.add_octets(kIdOmcId, asn_DEF_SBCAP_Omc_Id, message.omc_id);
    out.add_flag(kIdSendStopWarningIndication, message.send_indication);
    out.add_flag(kIdStopAllIndicator, message.stop_all);
    write_5gs(out, message.nr);
    out.add_flag(kIdRatSelector5gs, message.nr.rat_selector);
}

void write(Elements& out, const WarningResponse& message) {
    write_reference(out, message);
    out.add_number(kIdCause, asn_DEF_SBCAP_Cause, static_cast<long>(message.cause));
    out.add<SBCAP_Criticality_Diagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_SBCAP_Criticality_Diagnostics,
                                             message.diagnostics);
    out.add_list<SBCAP_List_of_TAIs_t>(kIdUnknownTrackingAreaList, asn_DEF_SBCAP_List_of_TAIs,
                                       message.unknown_tais);
    out.add_list<SBCAP_List_of_5GS_TAIs_t>(kIdUnknown5gsTrackingAreaList, asn_DEF_SBCAP_List_of_5GS_TAIs,
                                           message.unknown_tais_5gs);
}

void write(Elements& out, const ErrorIndication& message) {
    if (message.cause) out.add_number(kIdCause, asn_DEF_SBCAP_Cause, static_cast<long>(*message.cause));
    out.add<SBCAP_Criticality_Diagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_SBCAP_Criticality_Diagnostics,
                                             message.diagnostics);
}

void write(Elements& out, const WriteReplaceWarningIndication& message) {
    write_reference(out, message);
    out.add<SBCAP_Broadcast_Scheduled_Area_List_t>(
        kIdBroadcastScheduledAreaList, asn_DEF_SBCAP_Broadcast_Scheduled_Area_List, message.scheduled);
    out.add<SBCAP_Broadcast_Scheduled_Area_List_5GS_t>(kIdBroadcastScheduledAreaList5gs,
                                                       asn_DEF_SBCAP_Broadcast_Scheduled_Area_List_5GS,
                                                       message.scheduled_nr);
}

void write(Elements& out, const StopWarningIndication& message) {
    write_reference(out, message);
    out.add<SBCAP_Broadcast_Cancelled_Area_List_t>(
        kIdBroadcastCancelledAreaList, asn_DEF_SBCAP_Broadcast_Cancelled_Area_List, message.cancelled);
    out.add_list<SBCAP_Broadcast_Empty_Area_List_t>(kIdBroadcastEmptyAreaList,
                                                    asn_DEF_SBCAP_Broadcast_Empty_Area_List, message.empty);
    out.add<SBCAP_Broadcast_Cancelled_Area_List_5GS_t>(kIdBroadcastCancelledAreaList5gs,
                                                       asn_DEF_SBCAP_Broadcast_Cancelled_Area_List_5GS,
                                                       message.cancelled_nr);
    out.add_list<SBCAP_Broadcast_Empty_Area_List_5GS_t>(
        kIdBroadcastEmptyAreaList5gs, asn_DEF_SBCAP_Broadcast_Empty_Area_List_5GS, message.empty_nr);
}

void write(Elements& out, const PwsRestartIndication& message) {
    out.add_list<SBCAP_Restarted_Cell_List_t>(kIdRestartedCellList, asn_DEF_SBCAP_Restarted_Cell_List,
                                              message.cells);
    out.add<SBCAP_Global_ENB_ID_t>(kIdGlobalEnbId, asn_DEF_SBCAP_Global_ENB_ID, message.enb);
    out.add_list<SBCAP_List_of_TAIs_Restart_t>(kIdListOfTaisRestart, asn_DEF_SBCAP_List_of_TAIs_Restart,
                                               message.tais);
    out.add_list<SBCAP_List_of_EAIs_Restart_t>(kIdListOfEaisRestart, asn_DEF_SBCAP_List_of_EAIs_Restart,
                                               message.emergency_areas);
    out.add_list<SBCAP_Restarted_Cell_List_NR_t>(kIdRestartedCellListNr, asn_DEF_SBCAP_Restarted_Cell_List_NR,
                                                 message.cells_nr);
    out.add_list<SBCAP_List_of_5GS_TAI_for_Restart_t>(
        kIdListOf5gsTaiForRestart, asn_DEF_SBCAP_List_of_5GS_TAI_for_Restart, message.tais_5gs);
    out.add<SBCAP_Global_GNB_ID_t>(kIdGlobalGnbId, asn_DEF_SBCAP_Global_GNB_ID, message.gnb);
}

void write(Elements& out, const PwsFailureIndication& message) {
    out.add_list<SBCAP_Failed_Cell_List_t>(kIdFailedCellList, asn_DEF_SBCAP_Failed_Cell_List, message.cells);
    out.add<SBCAP_Global_ENB_ID_t>(kIdGlobalEnbId, asn_DEF_SBCAP_Global_ENB_ID, message.enb);
    out.add_list<SBCAP_Failed_Cell_List_NR_t>(kIdFailedCellListNr, asn_DEF_SBCAP_Failed_Cell_List_NR,
                                              message.cells_nr);
    out.add<SBCAP_Global_GNB_ID_t>(kIdGlobalGnbId, asn_DEF_SBCAP_Global_GNB_ID, message.gnb);
}

}  // namespace

base::Result<base::Bytes> encode(const Message& message) {
    const auto& rule = rule_of(message);
    Pdu pdu{rule.trigger, rule.procedure, rule.criticality, {}, {}};
    Elements out(pdu, rule);
    std::visit([&](const auto& one) { write(out, one); }, message);
    if (out.error()) return *out.error();
    return wire::encode(pdu, has_extensions(rule.procedure));
}

}  // namespace cbc::sbcap
