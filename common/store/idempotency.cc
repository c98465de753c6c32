// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/idempotency.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "common/store/blobs.h"
#include "common/store/key.h"
#include "common/store/record.h"

namespace store {
namespace {

constexpr RecordVersion kVersion = 1;
constexpr std::string_view kTable = "response";         // by hash of caller and key
constexpr std::string_view kAgeTable = "response_age";  // by time and the same hash; no value
constexpr std::chrono::minutes kPrunePeriod{10};
constexpr size_t kPruneRows = 500;

struct Kept {
    std::string digest;
    std::string response;
    uint64_t at;  // microseconds since 1970
};

// Of any caller's key, and always short enough for a row's.
std::string row_key(const RequestKey& key) {
    const std::string whole = Key().text(key.caller).text(key.key).octets();
    return std::string(base::as_text(BlobId::of(base::as_bytes(whole)).octets()));
}

uint64_t micros(base::Instant at) {
    return static_cast<uint64_t>(std::max<int64_t>(0, at.time_since_epoch().count()));
}

base::Result<Kept> decode(std::string_view row) {
    return decode_record<Kept>(row, kVersion, [](RecordVersion, const Json& json) {
        return Kept{json.at("digest").get<std::string>(), json.at("response").get<std::string>(),
                    json.at("at").get<uint64_t>()};
    });
}

}  // namespace

base::Result<std::optional<std::string>> find_response(const Reader& reader, const RequestKey& key,
                                                       std::string_view digest) {
    const auto row = reader.get(kTable, row_key(key));
    if (!row) return std::optional<std::string>();
    auto kept = decode(*row);
    if (!kept) return kept.error();
    if (kept->digest != digest) return base::conflict("the idempotency key was used for another request");
    return std::optional<std::string>(std::move(kept->response));
}

void keep_response(Transaction& txn, const RequestKey& key, std::string_view digest,
                   std::string_view response, base::Instant now) {
    const std::string name = row_key(key);
    txn.put(kTable, name,
            encode_record(kVersion, {{"digest", digest}, {"response", response}, {"at", micros(now)}}));
    txn.put(kAgeTable, Key().number(micros(now)).octets() + name, {});
}

size_t forget_responses(Transaction& txn, base::Instant now, size_t limit) {
    const uint64_t before = micros(now - kResponseKept);
    std::vector<std::string> old;
    txn.scan(kAgeTable, {}, {}, [&](std::string_view key, std::string_view) {
        KeyReader reader{key};
        const auto at = reader.number();
        if (!at || *at >= before || old.size() >= limit) return false;
        old.emplace_back(key);
        return true;
    });
    for (const auto& key : old) {
        KeyReader reader{key};
        const auto at = reader.number();
        const std::string name(reader.rest());
        const auto row = txn.get(kTable, name);
        const auto kept = row ? decode(*row) : base::Result<Kept>(base::not_found("no row"));
        // Kept again since, under a newer age.
        const bool is_newer = kept && at && kept->at != *at;
        if (!is_newer) txn.erase(kTable, name);
        txn.erase(kAgeTable, key);
    }
    return old.size();
}

ResponsePruner::ResponsePruner(Store& store, loop::Timers& timers, const base::Clock& clock)
    : store_(store),
      clock_(clock),
      alive_(std::make_shared<Alive>(Alive{this})),
      timer_(timers.every(kPrunePeriod, [this] { prune(); })) {}

ResponsePruner::~ResponsePruner() = default;

void ResponsePruner::prune() {
    if (is_under_way_ || !store_.leads()) return;
    is_under_way_ = true;
    auto count = std::make_shared<size_t>(0);
    store_.submit(
        [count, now = clock_.now()](Transaction& txn) -> base::Result<void> {
            *count = forget_responses(txn, now, kPruneRows);
            return {};
        },
        [weak = std::weak_ptr(alive_), count](const Done& done) {
            const auto alive = weak.lock();
            if (!alive) return;
            alive->pruner->is_under_way_ = false;
            if (done.outcome == Outcome::kOk && *count == kPruneRows) alive->pruner->prune();
        },
        Urgency::kBulk);
}

}  // namespace store
