// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/warning_store.h"

#include <array>
#include <nlohmann/json.hpp>

#include "cbc/store/alert_json.h"
#include "common/store/key.h"
#include "common/store/record.h"

namespace cbc {
namespace {

using store::Json;
constexpr store::RecordVersion kVersion = 1;

store::Key key_of(AlertId alert) { return store::Key().uuid(alert.value()); }

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

namespace {

std::string encode_alert(const AlertRevision& revision) {
    return store::encode_record(kVersion, {{"id", revision.id.value().text()},
                                           {"revision", revision.revision.value()},
                                           {"content", content_record(revision.content)},
                                           {"digest", revision.digest.value()},
                                           {"decisions", to_json(revision.decisions)},
                                           {"cbe", revision.cbe.value()},
                                           {"received", base::to_rfc3339(revision.received)}});
}

// Whether it is new; the error says what came meanwhile.
base::Result<bool> is_next(const store::Reader& reader, const AlertRevision& revision) {
    if (reader.get(kStopTable, key_of(revision.id))) return meanwhile(Refusal::kAlertStopped);
    const auto held = reader.get(kAlertTable, key_of(revision.id));
    if (!held) return true;
    const auto before = decode_alert(*held);
    if (!before) return before.error();
    if (before->revision > revision.revision) return meanwhile(Refusal::kRevisionOutdated);
    // Its first request was answered as unknown, and happened: a repeat is kept as it is.
    if (before->revision == revision.revision && before->digest == revision.digest) return false;
    if (before->revision == revision.revision) return meanwhile(Refusal::kRevisionConflict);
    return true;
}

constexpr size_t kWithAlert = 128 * 1024;  // octets of cells that go with it in one change

size_t octets_of(const std::vector<std::string>& parts) {
    size_t octets = 0;
    for (const std::string& part : parts) octets += part.size();
    return octets;
}

}  // namespace

// Encoded on the store's thread.
store::Change put_alert(const AlertRevision& revision) { return put_alert(revision, {}).back(); }

std::vector<store::Change> put_alert(const AlertRevision& revision, std::vector<std::string> targets) {
    std::vector<store::Change> changes;
    const size_t count = targets.size();
    if (octets_of(targets) > kWithAlert)
        changes = put_targets(revision.id, revision.revision, std::exchange(targets, {}));
    changes.emplace_back([revision, targets = std::move(targets),
                          count](store::Transaction& transaction) -> base::Result<void> {
        const auto next = is_next(transaction, revision);
        if (!next) return next.error();
        if (!*next) return {};
        for (size_t part = targets.size(); part < count; ++part)
            if (!has_targets_part(transaction, revision.id, revision.revision, part))
                return base::Error{base::ErrorKind::kUnavailable, "its cells could not be stored"};
        transaction.put(kAlertTable, key_of(revision.id), encode_alert(revision));
        erase_targets(transaction, revision.id, revision.revision);
        for (size_t part = 0; part < targets.size(); ++part)
            put_targets_part(transaction, revision.id, revision.revision, part, targets[part]);
        return {};
    });
    return changes;
}

std::vector<store::Change> put_targets(AlertId alert, Revision revision, std::vector<std::string> targets) {
    std::vector<store::Change> changes;
    for (size_t number = 0; number < targets.size(); ++number)
        changes.emplace_back([alert, revision, number, part = std::move(targets[number])](
                                 store::Transaction& transaction) -> base::Result<void> {
            put_targets_part(transaction, alert, revision, number, part);
            return {};
        });
    return changes;
}

store::Change put_stop(const Tombstone& stop) {
    const Json json{{"id", stop.id.value().text()},
                    {"stopped_by", stop.stopped_by.value()},
                    {"seen", stop.seen.value()},
                    {"decisions", to_json(stop.decisions)},
                    {"at", base::to_rfc3339(stop.at)}};
    return [id = stop.id, value = store::encode_record(kVersion, json)](
               store::Transaction& transaction) -> base::Result<void> {
        transaction.may_take_last_room();  // what warns the public in error is stopped on a full disk, too
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

store::Change forget_alert(AlertId alert) {
    return [alert](store::Transaction& transaction) -> base::Result<void> {
        erase_deliveries(transaction, alert);
        erase_targets(transaction, alert, std::nullopt);
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
        auto deliveries = load_deliveries(reader, alert.revision.id);
        if (!deliveries) return deliveries.error();
        alert.deliveries = std::move(*deliveries);
        auto targets = load_targets(reader, alert.revision.id, alert.revision.revision);
        if (!targets) return targets.error();
        alert.targets = std::move(*targets);
    }
    if (problem) return *problem;
    return alerts;
}

}  // namespace cbc
