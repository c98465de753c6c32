// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/warning_store.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "cbc/store/alert_json.h"
#include "common/store/key.h"
#include "common/store/record.h"

namespace cbc {
namespace {

using store::Json;
constexpr store::RecordVersion kVersion = 1;

store::Key key_of(AlertId alert) { return store::Key().uuid(alert.value()); }

// A cause as one number.
uint32_t number_of(Cause cause) { return static_cast<uint32_t>(cause.source) << 16U | cause.code; }

Cause cause_of(uint32_t number) {
    if (number >> 16U > static_cast<uint32_t>(CauseSource::kN50)) throw std::out_of_range("cause");
    return {static_cast<CauseSource>(number >> 16U), static_cast<uint16_t>(number)};
}

base::Result<std::vector<Decision>> decisions_of(const Json& list) {
    std::vector<Decision> decisions;
    for (const Json& one : list) {
        const auto action = action_of(one.at("action").get_ref<const std::string&>());
        const auto time = base::parse_rfc3339(one.at("time").get_ref<const std::string&>());
        if (!action || !time) return base::Error{base::ErrorKind::kCorrupt, "a decision is damaged"};
        decisions.push_back({*action, one.at("user"), *time, one.at("totp_step")});
    }
    return decisions;
}

Json content_record(const Content& content) {
    Json json = without_area(content);
    json["area"] = area_record(content.area);
    return json;
}

base::Result<cbs::EncodedText> coded_of(const Json& json) {
    const base::Error damaged{base::ErrorKind::kCorrupt, "the pages of a message are damaged"};
    cbs::EncodedText coded{cbs::DataCoding{json.at("data_coding_scheme").get<uint8_t>()}, {}};
    for (const Json& one : json.at("pages")) {
        const auto octets = base::from_hex(one.at("octets").get_ref<const std::string&>());
        cbs::Page page;
        page.used = one.at("used").get<uint8_t>();
        if (!octets || octets->size() != page.content.size() || page.used > page.content.size())
            return damaged;
        std::copy(octets->begin(), octets->end(), page.content.begin());
        coded.pages.push_back(page);
    }
    if (coded.pages.empty() || coded.pages.size() > cbs::kMaxPages) return damaged;
    return coded;
}

base::Result<Message> message_of(const Json& json) {
    Message message{MessageIdentifier{json.at("message_identifier").get<uint16_t>()}, json.at("language"),
                    json.at("text")};
    if (json.contains("warning_security_information")) {
        const auto octets =
            base::from_hex(json.at("warning_security_information").get_ref<const std::string&>());
        if (!octets || octets->size() != SecurityInformation{}.size())
            return base::Error{base::ErrorKind::kCorrupt, "the security information is damaged"};
        std::copy(octets->begin(), octets->end(), message.security.emplace().begin());
    }
    if (json.contains("warning_type"))
        message.warning_type = cbs::warning_type_of(json.at("warning_type").get<uint16_t>());
    if (json.contains("coded")) {
        auto coded = coded_of(json.at("coded"));
        if (!coded) return coded.error();
        message.coded = std::move(*coded);
    }
    return message;
}

base::Result<Content> content_of(const Json& json) {
    const base::Error damaged{base::ErrorKind::kCorrupt, "the content is damaged"};
    Content content;
    const auto mode = mode_of(json.at("mode").get_ref<const std::string&>());
    const auto category = category_of(json.at("category").get_ref<const std::string&>());
    const auto start = base::parse_rfc3339(json.at("start").get_ref<const std::string&>());
    const auto end = base::parse_rfc3339(json.at("end").get_ref<const std::string&>());
    if (!mode || !category || !start || !end) return damaged;
    content.mode = *mode;
    content.serial = SerialNumber{json.at("serial_number").get<uint16_t>()};
    for (const Json& one : json.at("messages")) {
        auto message = message_of(one);
        if (!message) return message.error();
        content.messages.push_back(std::move(*message));
    }
    auto area = area_of_record(json.at("area"));
    if (!area) return area.error();
    content.area = std::move(*area);
    content.schedule = {
        .start = *start,
        .end = *end,
        .repetition_period = std::chrono::seconds{json.at("repetition_period_s").get<int64_t>()},
        .number_of_broadcasts = std::nullopt,
        .category = *category};
    const Json& number = json.at("number_of_broadcasts");
    if (!number.is_null()) content.schedule.number_of_broadcasts = number.get<uint16_t>();
    if (json.contains("repetition_period_slots"))
        content.schedule.slots = json.at("repetition_period_slots").get<uint16_t>();
    return content;
}

base::Result<AlertId> alert_id_of(const Json& json) {
    const auto uuid = base::Uuid::parse(json.get_ref<const std::string&>());
    if (!uuid) return uuid.error();
    return AlertId{*uuid};
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

}  // namespace

std::string encode_delivery(const DeliveryRecord& record) {
    Json cells = Json::object();
    // What only reports have named is reported again.
    for (const auto& [cell, one] : record.cells)
        if (!one.reported_only) cells[cell.text()] = cell_record(one);
    Json plans = Json::array();
    for (const auto& [revision, plan] : record.plans) {
        const Schedule& s = plan.schedule;
        plans.push_back({revision.value(), plan.serial.value(), s.start.time_since_epoch().count(),
                         s.end.time_since_epoch().count(), s.repetition_period.count(),
                         s.number_of_broadcasts ? Json(*s.number_of_broadcasts) : Json(nullptr),
                         static_cast<int>(s.category), plan.primary_alone});
    }
    return store::encode_record(kVersion, {{"cells", std::move(cells)},
                                           {"rest", record.rest ? cell_record(*record.rest) : Json(nullptr)},
                                           {"plans", std::move(plans)}});
}

base::Result<DeliveryRecord> decode_delivery(std::string_view value) {
    return store::decode_record<DeliveryRecord>(
        value, kVersion, [](store::RecordVersion, const Json& json) -> base::Result<DeliveryRecord> {
            DeliveryRecord record;
            for (const auto& [name, one] : json.at("cells").items()) {
                const auto cell = Place::parse(name);
                if (!cell) return cell.error();
                record.cells.try_emplace(*cell, cell_record_of(one));
            }
            if (!json.at("rest").is_null()) record.rest = cell_record_of(json.at("rest"));
            for (const Json& plan : json.at("plans")) {
                Schedule schedule;
                schedule.start = base::Instant{std::chrono::microseconds{plan.at(2).get<int64_t>()}};
                schedule.end = base::Instant{std::chrono::microseconds{plan.at(3).get<int64_t>()}};
                schedule.repetition_period = std::chrono::seconds{plan.at(4).get<int64_t>()};
                if (!plan.at(5).is_null()) schedule.number_of_broadcasts = plan.at(5).get<uint16_t>();
                schedule.category = enum_at(plan, 6, Category::kBackground);
                record.plans.emplace(Revision{plan.at(0).get<uint16_t>()},
                                     Plan{SerialNumber{plan.at(1).get<uint16_t>()}, schedule,
                                          plan.size() > 7 && plan.at(7).get<bool>()});
            }
            return record;
        });
}

namespace {

base::Result<DeliveryKey> delivery_key_of(std::string_view octets) {
    store::KeyReader reader{octets};
    const auto alert = reader.uuid();
    if (!alert) return alert.error();
    const auto peer = reader.text();
    if (!peer) return peer.error();
    const auto message = reader.number();
    if (!message) return message.error();
    return DeliveryKey{AlertId{*alert}, PeerName{*peer}, MessageIdentifier{static_cast<uint16_t>(*message)}};
}

struct Meanwhile {
    Refusal why;
    std::string_view sentence;
};
constexpr std::array<Meanwhile, 3> kMeanwhile{{
    {Refusal::kAlertStopped, "the alert was stopped meanwhile"},
    {Refusal::kRevisionOutdated, "a higher revision came meanwhile"},
    {Refusal::kRevisionConflict, "this revision came meanwhile with other content"},
}};

base::Error meanwhile(Refusal why) {
    for (const Meanwhile& one : kMeanwhile)
        if (one.why == why) return base::conflict(std::string(one.sentence));
    return base::conflict("it changed meanwhile");
}

}  // namespace

std::optional<Refusal> refusal_of(const base::Error& error) {
    if (error.kind != base::ErrorKind::kConflict) return {};
    for (const Meanwhile& one : kMeanwhile)
        if (one.sentence == error.text) return one.why;
    return {};
}

store::Change put_alert(const AlertRevision& revision) {
    Json json{{"id", revision.id.value().text()},
              {"revision", revision.revision.value()},
              {"content", content_record(revision.content)},
              {"digest", revision.digest.value()},
              {"decisions", to_json(revision.decisions)},
              {"cbe", revision.cbe.value()},
              {"received", base::to_rfc3339(revision.received)}};
    return [id = revision.id, number = revision.revision, digest = revision.digest,
            value =
                store::encode_record(kVersion, json)](store::Transaction& transaction) -> base::Result<void> {
        if (transaction.get(kStopTable, key_of(id))) return meanwhile(Refusal::kAlertStopped);
        if (const auto held = transaction.get(kAlertTable, key_of(id))) {
            const auto before = decode_alert(*held);
            if (!before) return before.error();
            if (before->revision > number) return meanwhile(Refusal::kRevisionOutdated);
            // Its first request was answered as unknown, and happened: a repeat is kept as it is.
            if (before->revision == number && before->digest == digest) return {};
            if (before->revision == number) return meanwhile(Refusal::kRevisionConflict);
        }
        transaction.put(kAlertTable, key_of(id), value);
        return {};
    };
}

store::Change put_stop(const Tombstone& stop) {
    const Json json{{"id", stop.id.value().text()},
                    {"stopped_by", stop.stopped_by.value()},
                    {"seen", stop.seen.value()},
                    {"decisions", to_json(stop.decisions)},
                    {"at", base::to_rfc3339(stop.at)}};
    return [id = stop.id, value = store::encode_record(kVersion, json)](
               store::Transaction& transaction) -> base::Result<void> {
        if (!transaction.get(kStopTable, key_of(id))) transaction.put(kStopTable, key_of(id), value);
        return {};
    };
}

store::Change put_of_twin(const AlertRevision& revision, const std::optional<Tombstone>& stop) {
    return [alert = put_alert(revision), stop = stop ? put_stop(*stop) : store::Change{}](
               store::Transaction& transaction) -> base::Result<void> {
        // An error is found before anything is put: what this store has stays. A stop counts in any case.
        const auto taken = alert(transaction);
        return stop ? stop(transaction) : taken;
    };
}

store::Change put_delivery(const DeliveryKey& key, const DeliveryRecord& record) {
    return [row = store::Key().uuid(key.alert.value()).text(key.peer.value()).number(key.message.value()),
            value = encode_delivery(record)](store::Transaction& transaction) -> base::Result<void> {
        transaction.put(kDeliveryTable, row, value);
        return {};
    };
}

store::Change forget_alert(AlertId alert) {
    return [alert](store::Transaction& transaction) -> base::Result<void> {
        std::vector<std::string> rows;
        transaction.scan(kDeliveryTable, key_of(alert), {}, [&](std::string_view key, std::string_view) {
            rows.emplace_back(key);
            return true;
        });
        for (const std::string& row : rows) transaction.erase(kDeliveryTable, row);
        transaction.erase(kStopTable, key_of(alert));
        transaction.erase(kAlertTable, key_of(alert));
        return {};
    };
}

base::Result<AlertRevision> decode_alert(std::string_view value) {
    return store::decode_record<AlertRevision>(
        value, kVersion, [](store::RecordVersion, const Json& json) -> base::Result<AlertRevision> {
            const auto id = alert_id_of(json.at("id"));
            if (!id) return id.error();
            auto content = content_of(json.at("content"));
            if (!content) return content.error();
            auto decisions = decisions_of(json.at("decisions"));
            if (!decisions) return decisions.error();
            const auto received = base::parse_rfc3339(json.at("received").get_ref<const std::string&>());
            if (!received) return received.error();
            return AlertRevision{*id,
                                 Revision{json.at("revision").get<uint16_t>()},
                                 std::move(*content),
                                 Digest{json.at("digest").get<std::string>()},
                                 std::move(*decisions),
                                 CbeName{json.at("cbe").get<std::string>()},
                                 *received};
        });
}

base::Result<Tombstone> decode_stop(std::string_view value) {
    return store::decode_record<Tombstone>(
        value, kVersion, [](store::RecordVersion, const Json& json) -> base::Result<Tombstone> {
            const auto id = alert_id_of(json.at("id"));
            if (!id) return id.error();
            auto decisions = decisions_of(json.at("decisions"));
            if (!decisions) return decisions.error();
            const auto at = base::parse_rfc3339(json.at("at").get_ref<const std::string&>());
            if (!at) return at.error();
            return Tombstone{*id, CbeName{json.at("stopped_by").get<std::string>()},
                             Digest{json.at("seen").get<std::string>()}, std::move(*decisions), *at};
        });
}

std::optional<Tombstone> stored_stop(const store::Reader& reader, AlertId alert) {
    const auto value = reader.get(kStopTable, key_of(alert));
    if (!value) return std::nullopt;
    auto stop = decode_stop(*value);
    return stop ? std::optional{std::move(*stop)} : std::nullopt;
}

base::Result<std::vector<StoredAlert>> load_alerts(const store::Reader& reader) {
    std::vector<StoredAlert> alerts;
    std::optional<base::Error> problem;
    reader.scan(kAlertTable, {}, {}, [&](std::string_view, std::string_view value) {
        auto revision = decode_alert(value);
        if (!revision)
            problem = revision.error().within("read an alert");
        else
            alerts.push_back({std::move(*revision), std::nullopt, {}});
        return !problem;
    });
    for (StoredAlert& alert : alerts) {
        if (const auto value = reader.get(kStopTable, key_of(alert.revision.id))) {
            auto stop = decode_stop(*value);
            if (!stop)
                return stop.error().within("read the stop of alert " + alert.revision.id.value().text());
            alert.stop = std::move(*stop);
        }
        reader.scan(
            kDeliveryTable, key_of(alert.revision.id), {}, [&](std::string_view key, std::string_view value) {
                const auto row = delivery_key_of(key);
                auto record = decode_delivery(value);
                if (!row || !record)
                    problem = (!row ? row.error() : record.error())
                                  .within("read a delivery of alert " + alert.revision.id.value().text());
                else
                    alert.deliveries.emplace(*row, std::move(*record));
                return !problem;
            });
    }
    if (problem) return *problem;
    return alerts;
}

}  // namespace cbc
