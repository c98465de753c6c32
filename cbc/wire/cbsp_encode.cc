// SPDX-License-Identifier: AGPL-3.0-or-later
#include <cassert>

#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/cbsp_elements.h"
#include "cbc/wire/mutation.h"

namespace cbc::cbsp {

namespace {

struct Writer : base::Writer {
    explicit Writer(MessageType message) : type(message) {}
    MessageType type;
};

constexpr size_t kMaxCounted = 0xffff;

// False: this element is left out, which only a test may want (mutation.h).
bool begin(Writer& out, Element tag) {
    if (wire::is_dropped(to_string(out.type), name_of(tag))) return false;
    out.u8(static_cast<uint8_t>(tag));
    return true;
}

void put_u8(Writer& out, Element tag, unsigned value) {
    if (begin(out, tag)) out.u8(static_cast<uint8_t>(value));
}

void put_u16(Writer& out, Element tag, uint16_t value) {
    if (begin(out, tag)) out.u16(value);
}

template <class List>
void put_list(Writer& out, Element tag, const List& list) {
    if (!begin(out, tag)) return;
    out.u16(0);
    const size_t start = out.size();
    write_value(out, list);
    const size_t length = out.size() - start;
    assert(length <= kMaxCounted);
    out.patch_u16(start - 2, static_cast<uint16_t>(length));
}

void put(Writer& out, cbs::MessageIdentifier identifier) {
    put_u16(out, Element::kMessageIdentifier, identifier.value());
}
void put_new(Writer& out, cbs::SerialNumber serial) {
    put_u16(out, Element::kNewSerialNumber, serial.value());
}
void put_old(Writer& out, cbs::SerialNumber serial) {
    put_u16(out, Element::kOldSerialNumber, serial.value());
}
void put(Writer& out, const CellList& cells) { put_list(out, Element::kCellList, cells); }
void put(Writer& out, const FailureList& failures) { put_list(out, Element::kFailureList, failures); }
void put(Writer& out, const CompletedList& completed) {
    put_list(out, Element::kNumberOfBroadcastsCompletedList, completed);
}
void put(Writer& out, const LoadList& loads) { put_list(out, Element::kRadioResourceLoadingList, loads); }
void put(Writer& out, ChannelIndicator channel) {
    put_u8(out, Element::kChannelIndicator, static_cast<unsigned>(channel));
}
void put(Writer& out, BroadcastMessageType type) {
    put_u8(out, Element::kBroadcastMessageType, static_cast<unsigned>(type));
}

template <class T>
void put(Writer& out, const std::optional<T>& value) {
    if (value) put(out, *value);
}
void put_old(Writer& out, const std::optional<cbs::SerialNumber>& serial) {
    if (serial) put_old(out, *serial);
}

void body(Writer& out, const BroadcastContent& content) {
    assert(!content.pages.empty() && content.pages.size() <= cbs::kMaxPages);
    put(out, content.channel);
    put_u8(out, Element::kCategory, static_cast<unsigned>(content.category));
    put_u16(out, Element::kRepetitionPeriod, content.repetition_period.value());
    put_u16(out, Element::kNumberOfBroadcastsRequested, content.number_of_broadcasts);
    put_u8(out, Element::kNumberOfPages, static_cast<unsigned>(content.pages.size()));
    put_u8(out, Element::kDataCodingScheme, content.coding.value());
    for (const cbs::Page& page : content.pages)
        if (begin(out, Element::kMessageContent)) out.u8(page.used).raw(page.content);
}

void body(Writer& out, const EmergencyContent& content) {
    put_u8(out, Element::kEmergencyIndicator, content.indicator);
    put_u16(out, Element::kWarningType, cbs::to_wire(content.warning_type));
    if (begin(out, Element::kWarningSecurityInformation)) out.raw(content.security);
    put_u8(out, Element::kWarningPeriod, content.warning_period.code());
}

void body(Writer& out, const WriteReplace& message) {
    put(out, message.message_identifier);
    put_new(out, message.new_serial);
    put_old(out, message.old_serial);
    put(out, message.cells);
    std::visit([&](const auto& content) { body(out, content); }, message.content);
}

void body(Writer& out, const WriteReplaceComplete& message) {
    put(out, message.message_identifier);
    put_new(out, message.new_serial);
    put_old(out, message.old_serial);
    put(out, message.completed);
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const WriteReplaceFailure& message) {
    put(out, message.message_identifier);
    put_new(out, message.new_serial);
    put_old(out, message.old_serial);
    put(out, message.failures);
    put(out, message.completed);
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const Kill& message) {
    put(out, message.message_identifier);
    put_old(out, message.old_serial);
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const KillComplete& message) {
    put(out, message.message_identifier);
    put_old(out, message.old_serial);
    put(out, message.completed);
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const KillFailure& message) {
    put(out, message.message_identifier);
    put_old(out, message.old_serial);
    put(out, message.failures);
    put(out, message.completed);
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const LoadQuery& message) {
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const LoadQueryComplete& message) {
    put(out, message.loads);
    put(out, message.channel);
}

void body(Writer& out, const LoadQueryFailure& message) {
    put(out, message.failures);
    put(out, message.channel);
    put(out, message.loads);
}

void body(Writer& out, const MessageStatusQuery& message) {
    put(out, message.message_identifier);
    put_old(out, message.old_serial);
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const MessageStatusQueryComplete& message) {
    put(out, message.message_identifier);
    put_old(out, message.old_serial);
    put(out, message.completed);
    put(out, message.channel);
}

void body(Writer& out, const MessageStatusQueryFailure& message) {
    put(out, message.message_identifier);
    put_old(out, message.old_serial);
    put(out, message.failures);
    put(out, message.channel);
    put(out, message.completed);
}

void body(Writer& out, const SetDrx& message) {
    put(out, message.cells);
    if (message.schedule_period) put_u8(out, Element::kSchedulePeriod, *message.schedule_period);
    if (message.reserved_slots) put_u8(out, Element::kNumberOfReservedSlots, *message.reserved_slots);
    put(out, message.channel);
}

void body(Writer& out, const SetDrxComplete& message) {
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const SetDrxFailure& message) {
    put(out, message.failures);
    put(out, message.cells);
    put(out, message.channel);
}

void body(Writer& out, const Reset& message) { put(out, message.cells); }

void body(Writer& out, const ResetComplete& message) { put(out, message.cells); }

void body(Writer& out, const ResetFailure& message) {
    put(out, message.failures);
    put(out, message.cells);
}

void body(Writer& out, const Restart& message) {
    put(out, message.cells);
    put(out, message.type);
    put_u8(out, Element::kRecoveryIndication, static_cast<unsigned>(message.recovery));
}

void body(Writer& out, const Failure& message) {
    put(out, message.failures);
    put(out, message.type);
}

void body(Writer& out, const ErrorIndication& message) {
    put_u8(out, Element::kCause, static_cast<unsigned>(message.cause));
    put(out, message.message_identifier);
    if (message.new_serial) put_new(out, *message.new_serial);
    put_old(out, message.old_serial);
    put(out, message.channel);
}

void body(Writer& out, const KeepAlive& message) {
    put_u8(out, Element::kKeepAliveRepetitionPeriod, message.repetition.code());
}

void body(Writer&, const KeepAliveComplete&) {}

}  // namespace

base::Bytes encode(const Message& message) {
    Writer out(type_of(message));
    out.u8(static_cast<uint8_t>(out.type)).u24(0);
    std::visit([&](const auto& one) { body(out, one); }, message);
    out.patch_u24(1, static_cast<uint32_t>(out.size() - kHeaderOctets));
    return out.take();
}

}  // namespace cbc::cbsp
