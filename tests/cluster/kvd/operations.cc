// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/kvd/operations.h"

#include <nlohmann/json.hpp>

#include "common/store/key.h"

namespace kvd {
namespace {

// In kv_ids beside the ids themselves, whose keys are eight octets.
constexpr std::string_view kLastId = "last";

base::Result<int64_t> sum(int64_t one, int64_t other) {
    int64_t result = 0;
    if (__builtin_add_overflow(one, other, &result)) return base::invalid("the sum is beyond 64 bits");
    return result;
}

}  // namespace

base::Result<Json> Operations::set_register(store::Transaction& txn, const std::string& key,
                                            int64_t value) const {
    put_number(txn, tables::kRegisters, key, value);
    return Json{{"value", value}};
}

base::Result<Json> Operations::swap_register(store::Transaction& txn, const std::string& key,
                                             const Swap& swap) const {
    const auto now = find_number(txn, tables::kRegisters, key, known_);
    if (!now) return now.error();
    if (*now != swap.from)
        return base::conflict("the register is " + (*now ? std::to_string(**now) : std::string("not there")));
    put_number(txn, tables::kRegisters, key, swap.to);
    return Json{{"swapped", true}};
}

base::Result<Json> Operations::add(store::Transaction& txn, const std::string& key, int64_t by) const {
    const auto now = find_number(txn, tables::kCounters, key, known_);
    if (!now) return now.error();
    const auto after = sum(now->value_or(0), by);
    if (!after) return after.error();
    put_number(txn, tables::kCounters, key, *after);
    return Json{{"value", *after}};
}

base::Result<Json> Operations::set_accounts(store::Transaction& txn, const Accounts& accounts) const {
    std::vector<std::string> gone;
    txn.scan(tables::kBank, {}, {}, [&](std::string_view key, std::string_view) {
        if (!accounts.contains(std::string(key))) gone.emplace_back(key);
        return true;
    });
    for (const std::string& name : gone) txn.erase(tables::kBank, name);
    for (const auto& [name, amount] : accounts) put_number(txn, tables::kBank, name, amount);
    return Json{{"accounts", accounts}};
}

base::Result<Json> Operations::transfer(store::Transaction& txn, const Transfer& transfer) const {
    const auto from = find_number(txn, tables::kBank, transfer.from, known_);
    const auto to = find_number(txn, tables::kBank, transfer.to, known_);
    if (!from) return from.error();
    if (!to) return to.error();
    if (!*from || !*to) return base::not_found("no such account");
    if (transfer.from == transfer.to) return base::invalid("from and to are one account");
    if (**from < transfer.amount)
        return base::conflict(transfer.from + " has only " + std::to_string(**from));
    const auto more = sum(**to, transfer.amount);
    if (!more) return more.error();
    put_number(txn, tables::kBank, transfer.from, **from - transfer.amount);
    put_number(txn, tables::kBank, transfer.to, *more);
    return Json{{"from", **from - transfer.amount}, {"to", *more}};
}

base::Result<Json> Operations::take_id(store::Transaction& txn) const {
    const auto last = find_number(txn, tables::kIds, kLastId, known_);
    if (!last) return last.error();
    const auto id = sum(last->value_or(0), 1);
    if (!id) return id.error();
    put_number(txn, tables::kIds, kLastId, *id);
    put_number(txn, tables::kIds, store::Key().number(static_cast<uint64_t>(*id)), *id);
    return Json{{"id", *id}};
}

base::Result<Json> Operations::name_blob(store::Transaction& txn, const store::BlobId& id,
                                         size_t octets) const {
    put_number(txn, tables::kBlobs, id.hex(), static_cast<int64_t>(octets));
    return Json{{"hash", id.hex()}};
}

base::Result<Json> Operations::raise_level(store::Transaction& txn, Level level) const {
    const Level now = written_level(txn);
    if (level > known_)
        return base::conflict("this node knows records up to level " + std::to_string(known_));
    if (level < now) return base::conflict("the level is " + std::to_string(now) + " already");
    put_written_level(txn, level);
    return Json{{"level", level}};
}

base::Result<Json> Operations::number(const store::Reader& reader, std::string_view table,
                                      std::string_view key) const {
    const auto number = find_number(reader, table, key, known_);
    if (!number) return number.error();
    return Json{{"value", *number ? Json(**number) : Json()}};
}

base::Result<Json> Operations::accounts(const store::Reader& reader) const {
    Json accounts = Json::object();
    base::Result<void> good;
    reader.scan(tables::kBank, {}, {}, [&](std::string_view key, std::string_view row) {
        const auto amount = decode_number(row, known_);
        if (!amount) {
            good = amount.error();
            return false;
        }
        accounts[std::string(key)] = *amount;
        return true;
    });
    if (!good) return good.error();
    return Json{{"accounts", accounts}};
}

base::Result<Json> Operations::ids(const store::Reader& reader) const {
    Json ids = Json::array();
    reader.scan(tables::kIds, {}, {}, [&](std::string_view key, std::string_view) {
        store::KeyReader parts(key);
        const auto id = key == kLastId ? base::Result<uint64_t>(base::not_found("")) : parts.number();
        if (id) ids.push_back(*id);
        return true;
    });
    const size_t count = ids.size();
    return Json{{"count", count}, {"ids", std::move(ids)}};
}

}  // namespace kvd
