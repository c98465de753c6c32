// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/effect.h"

#include <nlohmann/json.hpp>

#include "common/base/bytes.h"
#include "common/store/key.h"
#include "common/store/record.h"

namespace store {
namespace {

constexpr RecordVersion kEffectVersion = 1;
constexpr std::string_view kStateTable = "outbox_state";
constexpr std::string_view kGenerationKey = "generation";

}  // namespace

std::string EffectId::idempotency_key() const { return kind + ":" + base::to_hex(base::as_bytes(key)); }

std::string EffectId::row_key() const { return Key().text(kind).octets() + key; }

base::Result<EffectId> EffectId::from_row_key(std::string_view octets) {
    KeyReader reader{octets};
    auto kind = reader.text();
    if (!kind) return kind.error();
    return EffectId{std::move(*kind), std::string(reader.rest())};
}

std::string encode_effect(const Effect& effect) {
    return encode_record(
        kEffectVersion,
        {{"payload", effect.payload}, {"attempts", effect.attempts}, {"generation", effect.generation}});
}

base::Result<Effect> decode_effect(std::string_view row_key, std::string_view row) {
    auto id = EffectId::from_row_key(row_key);
    if (!id) return id.error();
    return decode_record<Effect>(row, kEffectVersion, [&](RecordVersion, const Json& json) {
        return Effect{std::move(*id), json.at("payload").get<std::string>(),
                      json.at("attempts").get<unsigned>(), json.at("generation").get<uint64_t>()};
    });
}

void put_effect(Transaction& txn, const EffectId& id, std::string_view payload) {
    // Counted over all effects, so that a row which was erased and put again is known for another one.
    uint64_t generation = 1;
    if (const auto last = txn.get(kStateTable, kGenerationKey)) {
        KeyReader reader{*last};
        generation = reader.number().value_or(0) + 1;
    }
    txn.put(kStateTable, kGenerationKey, Key().number(generation));
    txn.put(kOutboxTable, id.row_key(), encode_effect({id, std::string(payload), 0, generation}));
}

void cancel_effect(Transaction& txn, const EffectId& id) { txn.erase(kOutboxTable, id.row_key()); }

}  // namespace store
