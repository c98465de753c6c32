// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/idempotency.h"

#include <vector>

#include "cbe/store/record_parts.h"
#include "cbe/store/tables.h"
#include "common/store/key.h"

namespace cbe {
namespace {

using namespace parts;

constexpr std::chrono::hours kKept{24};

base::Result<DoneBefore> decode(std::string_view row) {
    return store::decode_record<DoneBefore>(
        row, kVersion, [](store::RecordVersion, const Json& json) -> base::Result<DoneBefore> {
            const auto id = base::Uuid::parse(json.at("alert").get<std::string>());
            if (!id) return id.error();
            return DoneBefore{*id, json.at("request").get<std::string>(), instant(json.at("at"))};
        });
}

}  // namespace

std::optional<DoneBefore> find_done(const store::Reader& reader, const UserId& user, std::string_view key) {
    const auto row = reader.get(tables::kIdempotency, store::Key().text(user.value()).text(key));
    if (!row) return {};
    auto done = decode(*row);
    if (!done) return {};
    return *std::move(done);
}

void put_done(store::Transaction& txn, const UserId& user, std::string_view key, const DoneBefore& done) {
    txn.put(tables::kIdempotency, store::Key().text(user.value()).text(key),
            store::encode_record(
                kVersion,
                {{"alert", done.alert.text()}, {"request", done.request_hash}, {"at", micros(done.at)}}));
}

size_t forget_done(store::Transaction& txn, base::Instant now, size_t limit) {
    std::vector<std::string> old;
    txn.scan(tables::kIdempotency, "", "", [&](std::string_view key, std::string_view value) {
        const auto done = decode(value);
        if (!done || done->at + kKept < now) old.emplace_back(key);
        return old.size() < limit;
    });
    for (const std::string& key : old) txn.erase(tables::kIdempotency, key);
    return old.size();
}

}  // namespace cbe
