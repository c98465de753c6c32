// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sabp_codec.h"

#include "cbc/wire/message_codec.h"
#include "cbc/wire/sabp_tables.h"
#include "cbc/wire/sabp_values.h"

extern "C" {
#include <SABP-Broadcast-Message-Content-Validity-Indicator.h>
#include <SABP-Broadcast-Message-Content.h>
#include <SABP-Category.h>
#include <SABP-Cause.h>
#include <SABP-Data-Coding-Scheme.h>
#include <SABP-Failure-List.h>
#include <SABP-Message-Identifier.h>
#include <SABP-Number-of-Broadcasts-Completed-List.h>
#include <SABP-Number-of-Broadcasts-Requested.h>
#include <SABP-Paging-ETWS-Indicator.h>
#include <SABP-Radio-Resource-Loading-List.h>
#include <SABP-Recovery-Indication.h>
#include <SABP-Repetition-Period.h>
#include <SABP-Serial-Number.h>
#include <SABP-Service-Areas-List.h>
#include <SABP-Warning-Type.h>
#include <SABP-WarningSecurityInfo.h>
}

namespace cbc::sabp {
namespace {

using wire::Pdu;
using Writer = wire::ElementWriter<Values>;
using Reader = wire::ElementReader<Values>;

// How each of the elements below stands in a message: one function writes it, one reads it.

void write_reference(Writer& out, Id serial_id, cbs::MessageIdentifier identifier, cbs::SerialNumber serial) {
    out.add_bits(kIdMessageIdentifier, asn_DEF_SABP_Message_Identifier, identifier.value(), 16);
    out.add_bits(serial_id, asn_DEF_SABP_Serial_Number, serial.value(), 16);
}
std::optional<cbs::SerialNumber> read_serial(Reader& in, Id id) {
    const auto serial = in.bits(id, asn_DEF_SABP_Serial_Number);
    if (!serial) return std::nullopt;
    return cbs::SerialNumber(static_cast<uint16_t>(*serial));
}
std::optional<cbs::MessageIdentifier> read_identifier(Reader& in) {
    const auto identifier = in.bits(kIdMessageIdentifier, asn_DEF_SABP_Message_Identifier);
    if (!identifier) return std::nullopt;
    return cbs::MessageIdentifier(static_cast<uint16_t>(*identifier));
}
void read_reference(Reader& in, Id serial_id, cbs::MessageIdentifier& identifier, cbs::SerialNumber& serial) {
    identifier = read_identifier(in).value_or(cbs::MessageIdentifier{});
    serial = read_serial(in, serial_id).value_or(cbs::SerialNumber{});
}

void write_areas(Writer& out, const ServiceAreas& areas) {
    out.add_list<SABP_Service_Areas_List_t>(kIdServiceAreasList, asn_DEF_SABP_Service_Areas_List, areas);
}
void read_areas(Reader& in, ServiceAreas& areas) {
    in.read_list<SABP_Service_Areas_List_t>(kIdServiceAreasList, asn_DEF_SABP_Service_Areas_List, areas);
}

void write_failed(Writer& out, const std::vector<Failed>& failed) {
    out.add_list<SABP_Failure_List_t>(kIdFailureList, asn_DEF_SABP_Failure_List, failed);
}
void read_failed(Reader& in, std::vector<Failed>& failed) {
    in.read_list<SABP_Failure_List_t>(kIdFailureList, asn_DEF_SABP_Failure_List, failed);
}

void write_diagnostics(Writer& out, const std::optional<wire::CriticalityDiagnostics>& diagnostics) {
    out.add<SABP_Criticality_Diagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_SABP_Criticality_Diagnostics,
                                            diagnostics);
}
void read_diagnostics(Reader& in, std::optional<wire::CriticalityDiagnostics>& diagnostics) {
    in.read<SABP_Criticality_Diagnostics_t>(kIdCriticalityDiagnostics, asn_DEF_SABP_Criticality_Diagnostics,
                                            diagnostics);
}

// An ENUMERATED of one value.
void add_flag(Writer& out, Id id, const asn1::Type& type, bool flag) {
    if (flag) out.add_number(id, type, 0);
}

void write(Writer& out, const WriteReplace& message) {
    write_reference(out, kIdNewSerialNumber, message.message_identifier, message.new_serial);
    if (message.old_serial)
        out.add_bits(kIdOldSerialNumber, asn_DEF_SABP_Serial_Number, message.old_serial->value(), 16);
    write_areas(out, message.areas);
    if (message.category)
        out.add_number(kIdCategory, asn_DEF_SABP_Category, static_cast<long>(*message.category));
    out.add_number(kIdRepetitionPeriod, asn_DEF_SABP_Repetition_Period, message.repetition_period);
    out.add_number(kIdNumberOfBroadcastsRequested, asn_DEF_SABP_Number_of_Broadcasts_Requested,
                   message.number_of_broadcasts);
    out.add_bits(kIdDataCodingScheme, asn_DEF_SABP_Data_Coding_Scheme, message.coding.value(), 8);
    out.add_octets_as_bits(kIdBroadcastMessageContent, asn_DEF_SABP_Broadcast_Message_Content,
                           message.content);
    out.add_octets(kIdWarningSecurityInfo, asn_DEF_SABP_WarningSecurityInfo, message.security);
    add_flag(out, kIdPagingEtwsIndicator, asn_DEF_SABP_Paging_ETWS_Indicator, message.paging);
    out.add_warning_type(kIdWarningType, asn_DEF_SABP_Warning_Type, message.warning_type);
    add_flag(out, kIdBroadcastMessageContentValidityIndicator,
             asn_DEF_SABP_Broadcast_Message_Content_Validity_Indicator, message.content_not_valid);
}
void read(Reader& in, WriteReplace& message) {
    read_reference(in, kIdNewSerialNumber, message.message_identifier, message.new_serial);
    message.old_serial = read_serial(in, kIdOldSerialNumber);
    read_areas(in, message.areas);
    if (const auto category = in.number(kIdCategory, asn_DEF_SABP_Category))
        message.category = static_cast<Category>(*category);
    message.repetition_period =
        static_cast<uint16_t>(in.number(kIdRepetitionPeriod, asn_DEF_SABP_Repetition_Period).value_or(1));
    message.number_of_broadcasts = static_cast<uint16_t>(
        in.number(kIdNumberOfBroadcastsRequested, asn_DEF_SABP_Number_of_Broadcasts_Requested).value_or(0));
    message.coding = cbs::DataCoding(
        static_cast<uint8_t>(in.bits(kIdDataCodingScheme, asn_DEF_SABP_Data_Coding_Scheme).value_or(0)));
    message.content = in.octets_in_bits(kIdBroadcastMessageContent, asn_DEF_SABP_Broadcast_Message_Content);
    message.security = in.octets(kIdWarningSecurityInfo, asn_DEF_SABP_WarningSecurityInfo);
    message.paging = in.number(kIdPagingEtwsIndicator, asn_DEF_SABP_Paging_ETWS_Indicator).has_value();
    message.warning_type = in.warning_type(kIdWarningType, asn_DEF_SABP_Warning_Type);
    message.content_not_valid = in.number(kIdBroadcastMessageContentValidityIndicator,
                                          asn_DEF_SABP_Broadcast_Message_Content_Validity_Indicator)
                                    .has_value();
}

// Kill and Message-Status-Query.
template <class M>
concept Question = std::is_same_v<M, Kill> || std::is_same_v<M, MessageStatusQuery>;
void write(Writer& out, const Question auto& message) {
    write_reference(out, kIdOldSerialNumber, message.message_identifier, message.serial);
    write_areas(out, message.areas);
}
void read(Reader& in, Question auto& message) {
    read_reference(in, kIdOldSerialNumber, message.message_identifier, message.serial);
    read_areas(in, message.areas);
}

// Which of the two serial numbers an answer repeats.
template <class M>
constexpr Id serial_of_answer() {
    const bool of_write = std::is_same_v<M, WriteReplaceComplete> || std::is_same_v<M, WriteReplaceFailure>;
    return of_write ? kIdNewSerialNumber : kIdOldSerialNumber;
}
template <std::derived_from<BroadcastAnswer> M>
void write(Writer& out, const M& message) {
    write_reference(out, serial_of_answer<M>(), message.message_identifier, message.serial);
    write_failed(out, message.failed);
    out.add_list<SABP_Number_of_Broadcasts_Completed_List_t>(kIdNumberOfBroadcastsCompletedList,
                                                             asn_DEF_SABP_Number_of_Broadcasts_Completed_List,
                                                             message.completed);
    write_diagnostics(out, message.diagnostics);
}
template <std::derived_from<BroadcastAnswer> M>
void read(Reader& in, M& message) {
    read_reference(in, serial_of_answer<M>(), message.message_identifier, message.serial);
    read_failed(in, message.failed);
    in.read_list<SABP_Number_of_Broadcasts_Completed_List_t>(kIdNumberOfBroadcastsCompletedList,
                                                             asn_DEF_SABP_Number_of_Broadcasts_Completed_List,
                                                             message.completed);
    read_diagnostics(in, message.diagnostics);
}

void write(Writer& out, const LoadQuery& message) { write_areas(out, message.areas); }
void read(Reader& in, LoadQuery& message) { read_areas(in, message.areas); }

void write(Writer& out, const LoadAnswer& message) {
    write_failed(out, message.failed);
    out.add_list<SABP_Radio_Resource_Loading_List_t>(kIdRadioResourceLoadingList,
                                                     asn_DEF_SABP_Radio_Resource_Loading_List, message.loads);
    write_diagnostics(out, message.diagnostics);
}
void read(Reader& in, LoadAnswer& message) {
    read_failed(in, message.failed);
    in.read_list<SABP_Radio_Resource_Loading_List_t>(kIdRadioResourceLoadingList,
                                                     asn_DEF_SABP_Radio_Resource_Loading_List, message.loads);
    read_diagnostics(in, message.diagnostics);
}

void write(Writer& out, const Reset& message) { write_areas(out, message.areas); }
void read(Reader& in, Reset& message) { read_areas(in, message.areas); }

void write(Writer& out, const ResetAnswer& message) {
    write_failed(out, message.failed);
    write_areas(out, message.areas);
    write_diagnostics(out, message.diagnostics);
}
void read(Reader& in, ResetAnswer& message) {
    read_failed(in, message.failed);
    read_areas(in, message.areas);
    read_diagnostics(in, message.diagnostics);
}

void write(Writer& out, const Restart& message) {
    write_areas(out, message.areas);
    if (message.recovery)
        out.add_number(kIdRecoveryIndication, asn_DEF_SABP_Recovery_Indication,
                       static_cast<long>(*message.recovery));
}
void read(Reader& in, Restart& message) {
    read_areas(in, message.areas);
    if (const auto recovery = in.number(kIdRecoveryIndication, asn_DEF_SABP_Recovery_Indication))
        message.recovery = static_cast<RecoveryIndication>(*recovery);
}

void write(Writer& out, const Failure& message) { write_areas(out, message.areas); }
void read(Reader& in, Failure& message) { read_areas(in, message.areas); }

void write(Writer& out, const ErrorIndication& message) {
    if (message.message_identifier)
        out.add_bits(kIdMessageIdentifier, asn_DEF_SABP_Message_Identifier,
                     message.message_identifier->value(), 16);
    if (message.serial)
        out.add_bits(kIdSerialNumber, asn_DEF_SABP_Serial_Number, message.serial->value(), 16);
    if (message.cause) out.add_number(kIdCause, asn_DEF_SABP_Cause, static_cast<long>(*message.cause));
    write_diagnostics(out, message.diagnostics);
}
void read(Reader& in, ErrorIndication& message) {
    message.message_identifier = read_identifier(in);
    message.serial = read_serial(in, kIdSerialNumber);
    if (const auto cause = in.number(kIdCause, asn_DEF_SABP_Cause))
        message.cause = static_cast<Cause>(*cause);
    read_diagnostics(in, message.diagnostics);
}

template <class M>
Message read_as(Reader& in) {
    M message;
    read(in, message);
    return message;
}
// By the index of the variant, which is that of the table.
template <size_t... Index>
Message read_alternative(Reader& in, size_t which, std::index_sequence<Index...>) {
    static constexpr std::array kReaders{&read_as<std::variant_alternative_t<Index, Message>>...};
    return kReaders[which](in);
}

std::optional<Message> read_message(const Pdu& pdu, Reader& in) {
    const auto which = static_cast<size_t>(rule_of(pdu.procedure, pdu.trigger) - all_rules().data());
    return read_alternative(in, which, std::make_index_sequence<std::variant_size_v<Message>>());
}

ErrorIndication indication(const wire::Objection& objection) {
    return {.cause = wire::cause_of<Cause>(objection.complaint), .diagnostics = objection.diagnostics};
}

wire::Extensions has_extensions(uint8_t) { return wire::Extensions::kOptional; }

constexpr wire::Protocol kProtocol{.octets_max = kMessageOctetsMax,
                                   .has_extensions = has_extensions,
                                   .rule_of = rule_of,
                                   .error_indication = static_cast<uint8_t>(Procedure::kErrorIndication)};

}  // namespace

base::Result<base::Bytes> encode(const Message& message) {
    return wire::encode_message<Values>(rule_of(message), wire::Extensions::kOptional, [&](Writer& out) {
        std::visit([&](const auto& one) { write(out, one); }, message);
    });
}

base::Result<Decoded, Fault> decode(base::ByteView in) {
    return wire::decode_message<Values, Message, ErrorIndication>(in, kProtocol, read_message, indication);
}

}  // namespace cbc::sabp
