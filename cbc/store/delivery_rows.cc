// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/delivery_rows.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "cbc/store/place_list.h"
#include "common/store/key.h"
#include "common/store/record.h"

namespace cbc {
namespace {

using store::Json;
// Version 1, which no release has written, had the cells in the same row.
constexpr store::RecordVersion kVersion = 2;
constexpr store::RecordVersion kBlockVersion = 1;

store::Key key_of(const DeliveryKey& key) {
    return store::Key().uuid(key.alert.value()).text(key.peer.value()).number(key.message.value());
}

store::Key block_key(const DeliveryKey& key, size_t number) { return key_of(key).number(number); }

// A cause as one number.
uint32_t number_of(Cause cause) { return static_cast<uint32_t>(cause.source) << 16U | cause.code; }

Cause cause_of(uint32_t number) {
    if (number >> 16U > static_cast<uint32_t>(CauseSource::kN50)) throw std::out_of_range("cause");
    return {static_cast<CauseSource>(number >> 16U), static_cast<uint16_t>(number)};
}

Json cell_record(const CellRecord& record) {
    return Json::array(
        {static_cast<int>(record.state), record.cause ? Json(number_of(*record.cause)) : Json(nullptr),
         record.since.time_since_epoch().count(), static_cast<int>(record.holds), record.written.value(),
         static_cast<int>(record.hold), record.broadcasts ? Json(*record.broadcasts) : Json(nullptr),
         record.beside ? Json(record.beside->value()) : Json(nullptr)});
}

// Numbers from a file: each is compared with the last member of its enumeration.
template <class Enum>
Enum enum_at(const Json& json, size_t index, Enum last) {
    const int number = json.at(index).get<int>();
    if (number < 0 || number > static_cast<int>(last)) throw std::out_of_range("enumeration");
    return static_cast<Enum>(number);
}

CellRecord cell_record_of(const Json& json) {
    CellRecord record;
    record.state = enum_at(json, 0, DeliveryState::kUnknownToPeer);
    if (!json.at(1).is_null()) record.cause = cause_of(json.at(1).get<uint32_t>());
    record.since = base::Instant{std::chrono::microseconds{json.at(2).get<int64_t>()}};
    record.holds = enum_at(json, 3, Holds::kYes);
    record.written = Revision{json.at(4).get<uint16_t>()};
    record.hold = enum_at(json, 5, Hold::kForGood);
    if (!json.at(6).is_null()) record.broadcasts = json.at(6).get<uint16_t>();
    if (!json.at(7).is_null()) record.beside = Revision{json.at(7).get<uint16_t>()};
    return record;
}

// What only reports have named is reported again, and is not kept.
void add_groups(const CellRecords::Block& block, Json& list) {
    std::vector<std::pair<CellRecord, PlaceSet>> groups;  // few: a request is answered for many cells at once
    for (const auto& [cell, record] : block) {
        if (record.reported_only) continue;
        CellRecord kept = record;
        kept.wanted = false;
        const auto alike = std::find_if(groups.rbegin(), groups.rend(),
                                        [&](const auto& group) { return group.first == kept; });
        if (alike == groups.rend())
            groups.emplace_back(kept, PlaceSet{cell});
        else
            alike->second.push_back(cell);
    }
    for (const auto& [record, places] : groups)
        list.push_back(Json::array({cell_record(record), place_list(places)}));
}

base::Result<void> read_groups(const Json& list, CellRecords& cells) {
    std::vector<CellRecords::value_type> found;
    for (const Json& group : list) {
        const CellRecord record = cell_record_of(group.at(0));
        const auto places = places_of_list(group.at(1));
        if (!places) return places.error();
        for (const Place& place : *places) found.emplace_back(place, record);
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [place, record] : found) cells.try_emplace(place, record);
    return {};
}

std::string encode_block(const CellRecords::Block& block) {
    Json groups = Json::array();
    add_groups(block, groups);
    return store::encode_record(kBlockVersion, {{"groups", std::move(groups)}});
}

base::Result<void> decode_block(std::string_view value, CellRecords& cells) {
    return store::open_record(value, kBlockVersion, [&](store::RecordVersion, const Json& json) {
        return read_groups(json.at("groups"), cells);
    });
}

Json head_json(const DeliveryRecord& record) {
    Json plans = Json::array();
    for (const auto& [revision, plan] : record.plans) {
        const Schedule& s = plan.schedule;
        plans.push_back({revision.value(), plan.serial.value(), s.start.time_since_epoch().count(),
                         s.end.time_since_epoch().count(), s.repetition_period.count(),
                         s.number_of_broadcasts ? Json(*s.number_of_broadcasts) : Json(nullptr),
                         static_cast<int>(s.category), plan.primary_alone,
                         s.slots ? Json(*s.slots) : Json(nullptr)});
    }
    return {{"rest", record.rest ? cell_record(*record.rest) : Json(nullptr)}, {"plans", std::move(plans)}};
}

base::Result<DeliveryKey> delivery_key_of(store::KeyReader& reader) {
    const auto alert = reader.uuid();
    if (!alert) return alert.error();
    const auto peer = reader.text();
    if (!peer) return peer.error();
    const auto message = reader.number();
    if (!message) return message.error();
    return DeliveryKey{AlertId{*alert}, PeerName{*peer}, MessageIdentifier{static_cast<uint16_t>(*message)}};
}

void put_changed(store::Transaction& transaction, std::string_view table, std::string_view key,
                 const std::string& value) {
    if (transaction.get(table, key) != value) transaction.put(table, key, value);
}

void erase_rows(store::Transaction& transaction, std::string_view table, std::string_view prefix,
                std::string_view from) {
    std::vector<std::string> rows;
    transaction.scan(table, prefix, from, [&](std::string_view key, std::string_view) {
        rows.emplace_back(key);
        return true;
    });
    for (const std::string& row : rows) transaction.erase(table, row);
}

}  // namespace

std::string encode_delivery(const DeliveryRecord& record) {
    Json json = head_json(record);
    json["groups"] = Json::array();
    for (const CellRecords::Block& block : record.cells.blocks()) add_groups(block, json["groups"]);
    return store::encode_record(kVersion, json);
}

base::Result<DeliveryRecord> decode_delivery(std::string_view value) {
    return store::decode_record<DeliveryRecord>(
        value, kVersion, [](store::RecordVersion version, const Json& json) -> base::Result<DeliveryRecord> {
            if (version != kVersion)
                return base::Error{base::ErrorKind::kCorrupt,
                                   "record: version 1 of a delivery is not read by this release"};
            DeliveryRecord record;
            if (const auto groups = json.find("groups"); groups != json.end())
                if (auto read = read_groups(*groups, record.cells); !read) return read.error();
            if (!json.at("rest").is_null()) record.rest = cell_record_of(json.at("rest"));
            for (const Json& plan : json.at("plans")) {
                Schedule schedule;
                schedule.start = base::Instant{std::chrono::microseconds{plan.at(2).get<int64_t>()}};
                schedule.end = base::Instant{std::chrono::microseconds{plan.at(3).get<int64_t>()}};
                schedule.repetition_period = std::chrono::seconds{plan.at(4).get<int64_t>()};
                if (!plan.at(5).is_null()) schedule.number_of_broadcasts = plan.at(5).get<uint16_t>();
                schedule.category = enum_at(plan, 6, Category::kBackground);
                if (plan.size() > 8 && !plan.at(8).is_null()) schedule.slots = plan.at(8).get<uint16_t>();
                record.plans.emplace(Revision{plan.at(0).get<uint16_t>()},
                                     Plan{SerialNumber{plan.at(1).get<uint16_t>()}, schedule,
                                          plan.size() > 7 && plan.at(7).get<bool>()});
            }
            return record;
        });
}

store::Change put_delivery_head(const DeliveryKey& key, const DeliveryRecord& record) {
    return [key, value = store::encode_record(kVersion, head_json(record)),
            blocks = record.cells.blocks().size()](store::Transaction& transaction) -> base::Result<void> {
        put_changed(transaction, kDeliveryTable, key_of(key), value);
        erase_rows(transaction, kDeliveryCellsTable, key_of(key), block_key(key, blocks));
        return {};
    };
}

// Encoded on the store's thread.
store::Change put_delivery_blocks(const DeliveryKey& key, std::vector<NumberedBlock> blocks) {
    return [key, blocks = std::move(blocks)](store::Transaction& transaction) -> base::Result<void> {
        for (const NumberedBlock& block : blocks)
            put_changed(transaction, kDeliveryCellsTable, block_key(key, block.number),
                        encode_block(block.cells));
        return {};
    };
}

store::Change put_delivery(const DeliveryKey& key, const DeliveryRecord& record) {
    std::vector<NumberedBlock> blocks;
    for (const CellRecords::Block& block : record.cells.blocks()) blocks.push_back({blocks.size(), block});
    return [head = put_delivery_head(key, record), cells = put_delivery_blocks(key, std::move(blocks))](
               store::Transaction& transaction) -> base::Result<void> {
        if (auto put = head(transaction); !put) return put;
        return cells(transaction);
    };
}

void erase_deliveries(store::Transaction& transaction, AlertId alert) {
    const store::Key all = store::Key().uuid(alert.value());
    for (const std::string_view table : {kDeliveryTable, kDeliveryCellsTable})
        erase_rows(transaction, table, all, {});
}

base::Result<DeliveryRecords> load_deliveries(const store::Reader& reader, AlertId alert) {
    DeliveryRecords records;
    std::optional<base::Error> problem;
    const store::Key all = store::Key().uuid(alert.value());
    reader.scan(kDeliveryTable, all, {}, [&](std::string_view octets, std::string_view value) {
        store::KeyReader row{octets};
        const auto key = delivery_key_of(row);
        auto record = decode_delivery(value);
        if (!key || !record)
            problem = !key ? key.error() : record.error();
        else
            records.emplace(*key, std::move(*record));
        return !problem;
    });
    reader.scan(kDeliveryCellsTable, all, {}, [&](std::string_view octets, std::string_view value) {
        store::KeyReader row{octets};
        const auto key = delivery_key_of(row);
        const base::Result<void> read =
            key ? decode_block(value, records[*key].cells) : base::Result<void>(key.error());
        if (!read) problem = read.error();
        return !problem;
    });
    if (problem) return problem->within("read a delivery of alert " + alert.value().text());
    return records;
}

}  // namespace cbc
