// SPDX-License-Identifier: AGPL-3.0-or-later
#include <string_view>
#include <utility>

#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/cbsp_elements.h"

namespace cbc::cbsp {

namespace {

using Kind = base::DecodeError::Kind;

// Builds a message from its elements and remembers the first one that it must have and lacks.
class Builder {
 public:
    explicit Builder(Elements elements) : e_(std::move(elements)) {}

    Message build(MessageType type);
    const std::optional<std::string_view>& missing() const { return missing_; }
    bool page_count_differs() const {
        return !e_.pages.empty() && e_.number_of_pages && e_.pages.size() != *e_.number_of_pages;
    }

 private:
    template <class T>
    T need(std::optional<T>& slot, std::string_view name) {
        if (slot) return std::move(*slot);
        if (!missing_) missing_ = name;
        return T{};
    }
    Period need(std::optional<Period>& slot, std::string_view name) {
        if (!slot && !missing_) missing_ = name;
        return slot.value_or(Period::unlimited());
    }

    cbs::MessageIdentifier identifier() { return need(e_.message_identifier, "Message-Identifier"); }
    cbs::SerialNumber new_serial() { return need(e_.new_serial, "New-Serial-Number"); }
    cbs::SerialNumber old_serial() { return need(e_.old_serial, "Old-Serial-Number"); }
    CellList cells() { return need(e_.cells, "Cell-List"); }
    FailureList failures() { return need(e_.failures, "Failure-List"); }
    CompletedList completed() { return need(e_.completed, "Number-of-Broadcasts-Completed-List"); }
    LoadList loads() { return need(e_.loads, "Radio-Resource-Loading-List"); }
    ChannelIndicator channel() { return need(e_.channel, "Channel-Indicator"); }
    BroadcastMessageType type() { return need(e_.type, "Broadcast-Message-Type"); }

    BroadcastContent broadcast();
    EmergencyContent emergency();
    WriteReplace write_replace();
    WriteReplaceComplete write_replace_complete();
    WriteReplaceFailure write_replace_failure();
    KillComplete kill_complete();
    KillFailure kill_failure();
    ErrorIndication error_indication();

    Elements e_;
    std::optional<std::string_view> missing_;
};

BroadcastContent Builder::broadcast() {
    BroadcastContent content{
        .channel = channel(),
        .category = need(e_.category, "Category"),
        .repetition_period = need(e_.repetition_period, "Repetition-Period"),
        .number_of_broadcasts = need(e_.broadcasts_requested, "Number-of-Broadcasts-Requested"),
        .coding = need(e_.coding, "Data-Coding-Scheme"),
        .pages = e_.pages};
    if (!e_.number_of_pages && !missing_) missing_ = "Number-of-Pages";
    if (e_.pages.empty() && !missing_) missing_ = "Message-Content";
    return content;
}

EmergencyContent Builder::emergency() {
    return {.indicator = need(e_.emergency_indicator, "Emergency-Indicator"),
            .warning_type = need(e_.warning_type, "Warning-Type"),
            .security = need(e_.security, "Warning-Security-Information"),
            .warning_period = need(e_.warning_period, "Warning-Period")};
}

WriteReplace Builder::write_replace() {
    WriteReplace message{.message_identifier = identifier(),
                         .new_serial = new_serial(),
                         .old_serial = e_.old_serial,
                         .cells = cells(),
                         .content = {}};
    if (e_.channel)
        message.content = broadcast();
    else
        message.content = emergency();
    return message;
}

WriteReplaceComplete Builder::write_replace_complete() {
    return {.message_identifier = identifier(),
            .new_serial = new_serial(),
            .old_serial = e_.old_serial,
            .completed = std::move(e_.completed),
            .cells = cells(),
            .channel = e_.channel};
}

WriteReplaceFailure Builder::write_replace_failure() {
    return {.message_identifier = identifier(),
            .new_serial = new_serial(),
            .old_serial = e_.old_serial,
            .failures = failures(),
            .completed = std::move(e_.completed),
            .cells = std::move(e_.cells),
            .channel = e_.channel};
}

KillComplete Builder::kill_complete() {
    return {.message_identifier = identifier(),
            .old_serial = old_serial(),
            .completed = std::move(e_.completed),
            .cells = std::move(e_.cells),
            .channel = e_.channel};
}

KillFailure Builder::kill_failure() {
    return {.message_identifier = identifier(),
            .old_serial = old_serial(),
            .failures = failures(),
            .completed = std::move(e_.completed),
            .cells = std::move(e_.cells),
            .channel = e_.channel};
}

ErrorIndication Builder::error_indication() {
    return {.cause = need(e_.cause, "Cause"),
            .message_identifier = e_.message_identifier,
            .new_serial = e_.new_serial,
            .old_serial = e_.old_serial,
            .channel = e_.channel};
}

Message Builder::build(MessageType message_type) {
    switch (message_type) {
        case MessageType::kWriteReplace:
            return write_replace();
        case MessageType::kWriteReplaceComplete:
            return write_replace_complete();
        case MessageType::kWriteReplaceFailure:
            return write_replace_failure();
        case MessageType::kKill:
            return Kill{identifier(), old_serial(), cells(), e_.channel};
        case MessageType::kKillComplete:
            return kill_complete();
        case MessageType::kKillFailure:
            return kill_failure();
        case MessageType::kLoadQuery:
            return LoadQuery{cells(), channel()};
        case MessageType::kLoadQueryComplete:
            return LoadQueryComplete{loads(), channel()};
        case MessageType::kLoadQueryFailure:
            return LoadQueryFailure{failures(), channel(), std::move(e_.loads)};
        case MessageType::kMessageStatusQuery:
            return MessageStatusQuery{identifier(), old_serial(), cells(), channel()};
        case MessageType::kMessageStatusQueryComplete:
            return MessageStatusQueryComplete{identifier(), old_serial(), completed(), channel()};
        case MessageType::kMessageStatusQueryFailure:
            return MessageStatusQueryFailure{identifier(), old_serial(), failures(), channel(),
                                             std::move(e_.completed)};
        case MessageType::kSetDrx:
            return SetDrx{cells(), e_.schedule_period, e_.reserved_slots, channel()};
        case MessageType::kSetDrxComplete:
            return SetDrxComplete{cells(), channel()};
        case MessageType::kSetDrxFailure:
            return SetDrxFailure{failures(), std::move(e_.cells), channel()};
        case MessageType::kReset:
            return Reset{cells()};
        case MessageType::kResetComplete:
            return ResetComplete{cells()};
        case MessageType::kResetFailure:
            return ResetFailure{failures(), std::move(e_.cells)};
        case MessageType::kRestart:
            return Restart{cells(), type(), need(e_.recovery, "Recovery-Indication")};
        case MessageType::kFailure:
            return Failure{failures(), type()};
        case MessageType::kErrorIndication:
            return error_indication();
        case MessageType::kKeepAlive:
            return KeepAlive{need(e_.keep_alive_period, "Keep-Alive-Repetition-Period")};
        case MessageType::kKeepAliveComplete:
            break;
    }
    return KeepAliveComplete{};
}

Cause cause_of(Kind kind) {
    switch (kind) {
        case Kind::kTruncated:
        case Kind::kInvalidValue:
        case Kind::kTrailing:
        case Kind::kTooLong:
            return Cause::kParameterValueInvalid;
        case Kind::kUnknownElement:
            return Cause::kParameterNotRecognised;
        case Kind::kMissingElement:
            return Cause::kMissingMandatoryElement;
    }
    return Cause::kUnspecifiedError;
}

DecodeFailure failure(base::DecodeError error, const ErrorIndication& about = {}) {
    const Cause cause = cause_of(error.kind);
    DecodeFailure failed{std::move(error), cause, about};
    failed.indication.cause = cause;
    return failed;
}

// What a message is about, from the elements that were read before it turned out to be wrong.
ErrorIndication about(const Elements& elements) {
    return {.cause = {},
            .message_identifier = elements.message_identifier,
            .new_serial = elements.new_serial,
            .old_serial = elements.old_serial,
            .channel = elements.channel};
}

// Type and length; the length must be that of the octets.
base::Result<MessageType, DecodeFailure> read_header(base::Reader& in) {
    const auto octet = in.u8("Message-Type");
    if (!octet) return failure(octet.error());
    const auto length = in.u24("Length");
    if (!length) return failure(length.error());
    if (*length > in.remaining()) return failure({Kind::kTruncated, 1, "Length"});
    if (*length < in.remaining()) return failure({Kind::kTrailing, kHeaderOctets + *length, "Length"});
    const auto type = message_type_of(*octet);
    if (type) return *type;
    DecodeFailure unknown{{Kind::kInvalidValue, 0, "Message-Type"}, Cause::kUnrecognisedMessage};
    unknown.indication.cause = unknown.cause;
    return unknown;
}

}  // namespace

base::Result<DecodedMessage, DecodeFailure> decode(base::ByteView in) {
    base::Reader reader(in);
    const auto type = read_header(reader);
    if (!type) return type.error();
    Elements elements;
    const auto read = read_elements(in.subspan(kHeaderOctets), elements);
    const ErrorIndication subject = about(elements);
    if (!read) return failure(read.error(), subject);
    const auto unknown_tag = elements.unknown_tag;
    const size_t unknown_at = elements.unknown_at;
    Builder builder(std::move(elements));
    DecodedMessage decoded{builder.build(*type), unknown_tag};
    if (builder.missing() && unknown_tag)
        return failure({Kind::kUnknownElement, unknown_at, "element " + base::to_hex({&*unknown_tag, 1})},
                       subject);
    if (builder.missing())
        return failure({Kind::kMissingElement, in.size(), std::string(*builder.missing())}, subject);
    if (*type == MessageType::kWriteReplace && builder.page_count_differs())
        return failure({Kind::kInvalidValue, in.size(), "Number-of-Pages"}, subject);
    return decoded;
}

}  // namespace cbc::cbsp
