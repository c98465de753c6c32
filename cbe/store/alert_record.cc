// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/alert_record.h"

#include "cbe/store/record_parts.h"
#include "cbe/store/tables.h"
#include "common/store/key.h"

namespace cbe {
namespace {

using namespace parts;

Json optional_instant(const std::optional<base::Instant>& at) {
    return at ? Json(micros(*at)) : Json(nullptr);
}
std::optional<base::Instant> instant_at(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return {};
    return instant(*found);
}

Json optional_user(const std::optional<UserId>& user) { return user ? Json(user->value()) : Json(nullptr); }
std::optional<UserId> user_at(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) return {};
    return UserId{found->get<std::string>()};
}

Json json_of(const Draft& draft) {
    Json messages = Json::array();
    for (const Message& message : draft.messages)
        messages.push_back({{"language", message.language}, {"text", message.text}});
    Json start = draft.start ? Json(micros(*draft.start)) : Json(nullptr);
    Json cells = nullptr;
    if (const auto* chosen = std::get_if<ChosenCells>(&draft.area)) {
        cells = Json::array();
        for (const Cell& cell : chosen->cells) cells.push_back(cell.text());
    }
    return {{"channel", draft.channel},
            {"identifier", draft.identifier.value()},
            {"messages", std::move(messages)},
            {"cells", std::move(cells)},
            {"start", std::move(start)},
            {"duration_s", draft.duration.count()},
            {"repetition_period_s", draft.repetition_period.count()},
            {"broadcasts", draft.broadcasts ? Json(*draft.broadcasts) : Json(nullptr)},
            {"category", to_string(draft.category)},
            {"note", draft.note}};
}

Draft draft_of(const Json& json) {
    Draft draft;
    draft.channel = json.at("channel").get<std::string>();
    draft.identifier = cbs::MessageIdentifier{json.at("identifier").get<uint16_t>()};
    for (const Json& message : json.at("messages"))
        draft.messages.push_back(
            {message.at("language").get<std::string>(), message.at("text").get<std::string>()});
    if (const Json& cells = json.at("cells"); !cells.is_null()) {
        std::vector<Cell> chosen;
        for (const Json& cell : cells) chosen.push_back(cell_of(cell));
        draft.area = chosen_cells(std::move(chosen));
    }
    draft.start = instant_at(json, "start");
    draft.duration = std::chrono::seconds{json.at("duration_s").get<int64_t>()};
    draft.repetition_period = std::chrono::seconds{json.at("repetition_period_s").get<int64_t>()};
    if (const Json& broadcasts = json.at("broadcasts"); !broadcasts.is_null())
        draft.broadcasts = broadcasts.get<uint16_t>();
    draft.category = word(json.at("category"), category_of);
    draft.note = json.at("note").get<std::string>();
    return draft;
}

Json json_of(const std::optional<Frozen>& frozen) {
    if (!frozen) return nullptr;
    return {{"serial", frozen->serial.value()},
            {"start", micros(frozen->start)},
            {"end", micros(frozen->end)},
            {"content", frozen->content},
            {"digest", frozen->digest}};
}

std::optional<Frozen> frozen_of(const Json& json) {
    if (json.is_null()) return {};
    return Frozen{cbs::SerialNumber{json.at("serial").get<uint16_t>()}, instant(json.at("start")),
                  instant(json.at("end")), json.at("content").get<std::string>(),
                  json.at("digest").get<std::string>()};
}

Json people_of(const Alert& alert) {
    Json contributors = Json::array();
    for (const UserId& user : alert.contributors) contributors.push_back(user.value());
    Json decisions = Json::array();
    for (const Decision& decision : alert.decisions)
        decisions.push_back({{"kind", to_string(decision.kind)},
                             {"user", decision.user.value()},
                             {"time", micros(decision.time)},
                             {"totp_step", decision.totp_step}});
    Json history = Json::array();
    for (const HistoryEntry& entry : alert.history)
        history.push_back({{"at", micros(entry.at)},
                           {"action", to_string(entry.action)},
                           {"by", entry.by.value()},
                           {"reason", entry.reason},
                           {"digest", entry.digest}});
    return {{"contributors", std::move(contributors)},
            {"decisions", std::move(decisions)},
            {"history", std::move(history)},
            {"created_by", alert.created_by.value()},
            {"submitted_by", optional_user(alert.submitted_by)},
            {"approved_by", optional_user(alert.approved_by)},
            {"returned_by", optional_user(alert.returned_by)}};
}

void read_people(const Json& json, Alert& alert) {
    for (const Json& user : json.at("contributors")) alert.contributors.emplace_back(user.get<std::string>());
    for (const Json& decision : json.at("decisions"))
        alert.decisions.push_back({word(decision.at("kind"), decision_kind_of),
                                   UserId{decision.at("user").get<std::string>()},
                                   instant(decision.at("time")), decision.at("totp_step").get<int64_t>()});
    for (const Json& entry : json.at("history"))
        alert.history.push_back({instant(entry.at("at")), word(entry.at("action"), history_action_of),
                                 UserId{entry.at("by").get<std::string>()},
                                 entry.at("reason").get<std::string>(),
                                 entry.at("digest").get<std::string>()});
    alert.created_by = UserId{json.at("created_by").get<std::string>()};
    alert.submitted_by = user_at(json, "submitted_by");
    alert.approved_by = user_at(json, "approved_by");
    alert.returned_by = user_at(json, "returned_by");
}

std::optional<Mode> mode_of(std::string_view text) {
    for (const Mode mode : {Mode::kLive, Mode::kTraining})
        if (to_string(mode) == text) return mode;
    return {};
}

AlertId uuid_of(const Json& json) {
    const auto id = base::Uuid::parse(json.get<std::string>());
    if (!id) throw std::invalid_argument(id.error().text);
    return *id;
}

Alert alert_of(const Json& json) {
    Alert alert;
    alert.id = uuid_of(json.at("id"));
    alert.number = json.at("number").get<uint64_t>();
    alert.version = json.at("version").get<uint32_t>();
    alert.revision = json.at("revision").get<uint16_t>();
    alert.chain = json.contains("chain") ? uuid_of(json.at("chain")) : alert.id;
    if (json.contains("relation"))
        alert.relation = Relation{word(json.at("relation").at("kind"), relation_kind_of),
                                  uuid_of(json.at("relation").at("to"))};
    if (json.contains("superseded_by")) alert.superseded_by = uuid_of(json.at("superseded_by"));
    alert.status = word(json.at("status"), status_of);
    alert.mode = word(json.at("mode"), mode_of);
    alert.draft = draft_of(json.at("draft"));
    alert.frozen = frozen_of(json.at("frozen"));
    read_people(json.at("people"), alert);
    alert.created_at = instant(json.at("created_at"));
    alert.updated_at = instant(json.at("updated_at"));
    alert.submitted_at = instant_at(json, "submitted_at");
    alert.approved_at = instant_at(json, "approved_at");
    alert.on_air_at = instant_at(json, "on_air_at");
    alert.ended_at = instant_at(json, "ended_at");
    return alert;
}

}  // namespace

std::string encode(const Alert& alert) {
    Json json{{"id", alert.id.text()},
              {"number", alert.number},
              {"version", alert.version},
              {"revision", alert.revision},
              {"status", to_string(alert.status)},
              {"mode", to_string(alert.mode)},
              {"draft", json_of(alert.draft)},
              {"frozen", json_of(alert.frozen)},
              {"people", people_of(alert)},
              {"created_at", micros(alert.created_at)},
              {"updated_at", micros(alert.updated_at)},
              {"submitted_at", optional_instant(alert.submitted_at)},
              {"approved_at", optional_instant(alert.approved_at)},
              {"on_air_at", optional_instant(alert.on_air_at)},
              {"ended_at", optional_instant(alert.ended_at)}};
    if (alert.chain != alert.id) json["chain"] = alert.chain.text();
    if (alert.relation)
        json["relation"] = {{"kind", to_string(alert.relation->kind)}, {"to", alert.relation->to.text()}};
    if (alert.superseded_by) json["superseded_by"] = alert.superseded_by->text();
    return store::encode_record(kVersion, json);
}

base::Result<Alert> decode_alert(std::string_view row) {
    return store::decode_record<Alert>(row, kVersion,
                                       [](store::RecordVersion, const Json& json) { return alert_of(json); });
}

std::optional<Alert> find_alert(const store::Reader& reader, const AlertId& id) {
    const auto row = reader.get(tables::kAlerts, tables::alert_key(id));
    if (!row) return {};
    auto alert = decode_alert(*row);
    if (!alert) return {};
    return *std::move(alert);
}

std::optional<Alert> find_alert(const store::Reader& reader, uint64_t number) {
    const auto row = reader.get(tables::kNumbers, store::Key().number(number));
    if (!row) return {};
    const auto id = store::KeyReader(*row).uuid();
    return id ? find_alert(reader, *id) : std::nullopt;
}

void put_alert(store::Transaction& transaction, const Alert& alert) {
    transaction.put(tables::kAlerts, tables::alert_key(alert.id), encode(alert));
    transaction.put(tables::kNumbers, store::Key().number(alert.number), store::Key().uuid(alert.id));
}

}  // namespace cbe
