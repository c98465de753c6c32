// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/serial_codes.h"

#include "cbe/store/record_parts.h"
#include "cbe/store/tables.h"
#include "common/store/key.h"

namespace cbe {
namespace {

using namespace parts;

store::Key code_key(MessageCode code) { return store::Key().number(code); }
store::Key last_key() { return store::Key().text("last_code"); }

struct Holder {
    std::string alert;
    base::Instant until{};
};

void put(store::Transaction& txn, MessageCode code, const Holder& holder) {
    txn.put(tables::kCodes, code_key(code),
            store::encode_record(kVersion, {{"alert", holder.alert}, {"until", micros(holder.until)}}));
}

base::Result<Holder> decode(std::string_view row) {
    return store::decode_record<Holder>(row, kVersion, [](store::RecordVersion, const Json& json) {
        return Holder{json.at("alert").get<std::string>(), instant(json.at("until"))};
    });
}

// A row that cannot be read holds its code: better one code less than one serial number twice.
bool is_held(const store::Reader& reader, MessageCode code, base::Instant now) {
    const auto row = reader.get(tables::kCodes, code_key(code));
    if (!row) return false;
    const auto holder = decode(*row);
    return !holder || now < holder->until;
}

}  // namespace

std::optional<MessageCode> next_code(const store::Reader& reader, const CodeRange& range, base::Instant now) {
    MessageCode last = range.last;
    if (const auto row = reader.get(tables::kCounters, last_key()))
        if (const auto number = store::KeyReader(*row).number()) last = static_cast<MessageCode>(*number);
    return free_code(range, last, [&](MessageCode code) { return is_held(reader, code, now); });
}

void take_code(store::Transaction& txn, cbs::SerialNumber serial, const AlertId& alert, base::Instant end) {
    const MessageCode code = cbs::parts_of(serial).message_code;
    put(txn, code, {alert.text(), end + kCodeHeldAfterEnd});
    txn.put(tables::kCounters, last_key(), store::Key().number(code));
}

void hold_code(store::Transaction& txn, cbs::SerialNumber serial, base::Instant end) {
    const MessageCode code = cbs::parts_of(serial).message_code;
    const auto row = txn.get(tables::kCodes, code_key(code));
    auto holder = row ? decode(*row) : base::Result<Holder>(Holder{});
    if (!holder || holder->until >= end + kCodeHeldAfterEnd) return;
    holder->until = end + kCodeHeldAfterEnd;
    put(txn, code, *holder);
}

void give_back_code(store::Transaction& txn, cbs::SerialNumber serial, const AlertId& alert) {
    const MessageCode code = cbs::parts_of(serial).message_code;
    const auto row = txn.get(tables::kCodes, code_key(code));
    const auto holder = row ? decode(*row) : base::Result<Holder>(Holder{});
    if (holder && holder->alert == alert.text()) txn.erase(tables::kCodes, code_key(code));
}

}  // namespace cbe
