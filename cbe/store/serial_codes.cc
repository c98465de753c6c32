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

// A row that cannot be read holds its code: better one code less than one serial number twice.
bool is_held(const store::Reader& reader, MessageCode code, base::Instant now) {
    const auto row = reader.get(tables::kCodes, code_key(code));
    if (!row) return false;
    const auto until = store::decode_record<base::Instant>(
        *row, kVersion, [](store::RecordVersion, const Json& json) { return instant(json.at("until")); });
    return !until || now < *until;
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
    txn.put(tables::kCodes, code_key(code),
            store::encode_record(kVersion,
                                 {{"alert", alert.text()}, {"until", micros(end + kCodeHeldAfterEnd)}}));
    txn.put(tables::kCounters, last_key(), store::Key().number(code));
}

void give_back_code(store::Transaction& txn, cbs::SerialNumber serial) {
    txn.erase(tables::kCodes, code_key(cbs::parts_of(serial).message_code));
}

}  // namespace cbe
