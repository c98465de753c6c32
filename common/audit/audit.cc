// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/audit/audit.h"

#include <nlohmann/json.hpp>

#include "common/json/jcs.h"
#include "common/json/parse.h"
#include "common/store/key.h"
#include "common/store/record.h"

namespace audit {
namespace {

constexpr store::RecordVersion kVersion = 1;
constexpr std::string_view kHead = "head";  // the one row of kHeadTable
const std::string kNoHash(64, '0');

std::string key_of(uint64_t sequence) { return store::Key().number(sequence).octets(); }

std::string encode(uint64_t sequence, const Entry& entry, const std::string& previous) {
    return store::encode_record(kVersion, {{"sequence", sequence},
                                           {"time_us", entry.time.time_since_epoch().count()},
                                           {"actor", entry.actor},
                                           {"action", entry.action},
                                           {"object", entry.object},
                                           {"before", entry.before},
                                           {"after", entry.after},
                                           {"request_id", entry.request_id},
                                           {"previous", previous}});
}

base::Result<Record> decode(std::string_view bytes) {
    auto record =
        store::decode_record<Record>(bytes, kVersion, [](store::RecordVersion, const store::Json& row) {
            const auto text = [&row](const char* name) { return row.at(name).get<std::string>(); };
            return Record{
                .sequence = row.at("sequence").get<uint64_t>(),
                .entry = {.time = base::Instant{std::chrono::microseconds{row.at("time_us").get<int64_t>()}},
                          .actor = text("actor"),
                          .action = text("action"),
                          .object = text("object"),
                          .before = text("before"),
                          .after = text("after"),
                          .request_id = text("request_id")},
                .previous = text("previous"),
                .hash = {}};
        });
    if (record) record->hash = json::sha256_hex(bytes);
    return record;
}

}  // namespace

uint64_t last_sequence(const store::Reader& reader) {
    const auto head = reader.get(kHeadTable, kHead);
    if (!head) return 0;
    return store::KeyReader(*head).number().value_or(0);
}

uint64_t append(store::Transaction& txn, const Entry& entry) {
    const uint64_t before = last_sequence(txn);
    const auto last = before == 0 ? std::nullopt : txn.get(kTable, key_of(before));
    const uint64_t sequence = before + 1;
    txn.put(kTable, key_of(sequence), encode(sequence, entry, last ? json::sha256_hex(*last) : kNoHash));
    txn.put(kHeadTable, kHead, key_of(sequence));
    return sequence;
}

base::Result<void> read(const store::Reader& reader, uint64_t after,
                        const std::function<bool(const Record&)>& each) {
    base::Result<void> outcome;
    reader.scan(kTable, "", key_of(after + 1), [&](std::string_view key, std::string_view value) {
        const auto record = decode(value);
        if (!record) {
            const uint64_t sequence = store::KeyReader(key).number().value_or(0);
            outcome = record.error().within("audit record " + std::to_string(sequence));
            return false;
        }
        return each(*record);
    });
    return outcome;
}

std::string json_line(const Record& record) {
    const nlohmann::ordered_json line{
        {"sequence", record.sequence},   {"time", base::to_rfc3339(record.entry.time)},
        {"actor", record.entry.actor},   {"action", record.entry.action},
        {"object", record.entry.object}, {"before", record.entry.before},
        {"after", record.entry.after},   {"request_id", record.entry.request_id},
        {"previous", record.previous},   {"hash", record.hash}};
    return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void Verification::step(const store::Reader& reader, size_t most) {
    if (done_) return;
    size_t seen = 0;
    const auto walked = read(reader, checked_, [&](const Record& record) {
        if (record.sequence != checked_ + 1) {
            fail("record " + std::to_string(checked_ + 1) + " is missing");
        } else if (record.previous != (checked_ == 0 ? kNoHash : last_hash_)) {
            fail("record " + std::to_string(checked_) + " is not the one that record " +
                 std::to_string(record.sequence) + " was written after");
        } else {
            checked_ = record.sequence;
            last_hash_ = record.hash;
        }
        return !done_ && ++seen < most;
    });
    if (!walked) fail(walked.error().text);
    if (done_ || seen == most) return;
    const uint64_t last = last_sequence(reader);
    if (last != checked_) {
        fail("the last record should be " + std::to_string(last) + ", not " + std::to_string(checked_));
    }
    done_ = true;
}

void Verification::fail(std::string how) {
    done_ = true;
    broken_ = std::move(how);
}

}  // namespace audit
