// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/alert_view.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cbe/domain/rules.h"
#include "cbe/store/alert_record.h"
#include "cbe/store/content_json.h"
#include "cbe/store/delivery_record.h"
#include "cbe/store/people.h"
#include "cbe/store/submission.h"
#include "common/auth/api_key.h"
#include "common/cbs/page.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

constexpr size_t kExcerpt = 160;  // characters

Json time_json(const std::optional<base::Instant>& at) {
    return at ? Json(base::to_rfc3339(*at)) : Json(nullptr);
}

std::string excerpt_of(const std::string& text) {
    size_t characters = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (begins && characters++ == kExcerpt) return text.substr(0, i);
    }
    return text;
}

std::string utf8(char32_t character) {
    std::string out;
    const auto value = static_cast<uint32_t>(character);
    if (value < 0x80) return {static_cast<char>(value)};
    if (value < 0x800) {
        out += static_cast<char>(0xC0U | value >> 6U);
    } else if (value < 0x10000) {
        out += static_cast<char>(0xE0U | value >> 12U);
        out += static_cast<char>(0x80U | (value >> 6U & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | value >> 18U);
        out += static_cast<char>(0x80U | (value >> 12U & 0x3FU));
        out += static_cast<char>(0x80U | (value >> 6U & 0x3FU));
    }
    return out + static_cast<char>(0x80U | (value & 0x3FU));
}

Json counts_json(const std::vector<CbcDelivery>& deliveries) {
    Json counts = Json::object();
    for (const auto& [state, count] : count_cells(deliveries)) counts[std::string(to_string(state))] = count;
    return counts;
}

Json delivery_json(const std::vector<CbcDelivery>& deliveries, const CellTable& table) {
    Json peers = Json::array();
    Json cells = Json::array();
    for (const CbcDelivery& delivery : deliveries) {
        for (const PeerDelivery& peer : delivery.peers)
            peers.push_back({{"cbc", delivery.cbc},
                             {"peer", peer.peer},
                             {"state", to_string(peer.state)},
                             {"cause", peer.cause},
                             {"since", base::to_rfc3339(peer.since)}});
        for (const CellDelivery& cell : delivery.cells) {
            const Site* site = table.find(cell.cell);
            cells.push_back({{"cbc", delivery.cbc},
                             {"cell", to_json(cell.cell)},
                             {"name", site != nullptr ? site->name : cell.cell.text()},
                             {"state", to_string(cell.state)},
                             {"cause", cell.cause},
                             {"since", base::to_rfc3339(cell.since)}});
        }
    }
    return {{"summary", counts_json(deliveries)}, {"peers", std::move(peers)}, {"cells", std::move(cells)}};
}

Json sending_json(const std::vector<Sending>& sendings) {
    Json all = Json::array();
    for (const Sending& sending : sendings)
        all.push_back({{"cbc", sending.cbc},
                       {"what", to_string(sending.what)},
                       {"state", to_string(sending.state)},
                       {"text", sending.text}});
    return all;
}

Json finding(char32_t character, size_t at, const std::optional<std::string>& replacement,
             std::string_view why) {
    return {{"character", utf8(character)},
            {"at", at},
            {"replacement", replacement ? Json(*replacement) : Json(nullptr)},
            {"why", why}};
}

Json messages_json(const Alert& alert) {
    Json messages = Json::array();
    const auto identifiers = identifiers_for(alert.draft.identifier, alert.draft.messages.size());
    for (size_t i = 0; i < alert.draft.messages.size(); ++i) {
        const Message& message = alert.draft.messages[i];
        // Beyond the channel's languages there is no identifier; the checklist says so.
        const auto identifier = i < identifiers.size() ? identifiers[i] : alert.draft.identifier;
        messages.push_back({{"language", message.language},
                            {"text", message.text},
                            {"message_identifier", identifier.value()},
                            {"measure", json_of(message.text, message.language)}});
    }
    return messages;
}

Json action_json(std::string_view action, const Verdict& verdict) {
    Json json{{"action", action}, {"allowed", !verdict}};
    if (verdict) json.update({{"code", to_string(verdict->code)}, {"reason", verdict->text}});
    return json;
}

Json actions_json(const Alert& alert, const Situation& situation, const std::vector<Person>& approvers) {
    return Json::array({action_json("edit", may_edit(alert, situation)),
                        action_json("submit", may_submit(alert, situation)),
                        action_json("withdraw", may_withdraw(alert, situation)),
                        action_json("return", may_return(alert, situation)),
                        action_json("approve", may_approve(alert, situation, approvers)),
                        action_json("stop", may_stop(alert, situation)),
                        action_json("stop-again", may_stop_again(alert, situation)),
                        action_json("reject", may_return(alert, situation)),
                        action_json("discard", may_edit(alert, situation)),
                        action_json("restore", may_restore(alert, situation)),
                        action_json("update", may_follow_up(alert, situation)),
                        action_json("all-clear", may_refer_to(alert, situation)),
                        action_json("false-alarm", may_refer_to(alert, situation)),
                        action_json("copy", may_create(situation))});
}

Json checklist_json(const Alert& alert, size_t approvers, const Context& context) {
    Json all = Json::array();
    if (!is_editable(alert.status)) return all;
    const CbcReach reach = context.authority.mode == Mode::kTraining ? CbcReach::kNotUsed
                           : context.network().any_up()              ? CbcReach::kAnswers
                                                                     : CbcReach::kSilent;
    for (const Check& one : check(alert.draft, *context.terms->reference, approvers, reach))
        all.push_back({{"item", to_string(one.item)}, {"state", to_string(one.state)}, {"text", one.text}});
    return all;
}

Json people_json(const std::vector<Person>& people) {
    Json all = Json::array();
    for (const Person& person : people)
        all.push_back({{"id", person.id.value()}, {"username", person.username}, {"name", person.name}});
    return all;
}

Json relation_json(const Alert& alert, const store::Reader& reader) {
    if (!alert.relation) return nullptr;
    const auto other = find_alert(reader, alert.relation->to);
    return {{"kind", to_string(alert.relation->kind)},
            {"alert", alert.relation->to.text()},
            {"status", other ? Json(to_string(other->status)) : Json(nullptr)}};
}

// What an update does, in words, before it is submitted; null for anything else.
Json update_json(const Alert& alert, const Person& viewer, const store::Reader& reader) {
    const auto changes = changes_of(reader, alert);
    if (!changes) return nullptr;
    Json words = Json::array();
    for (const Change change : *changes) words.push_back(to_string(change));
    return {{"changes", std::move(words)},
            {"needs", to_string(people_needed(reader, alert, viewer))},
            {"alerts_again", to_string(alerts_again(*changes))},
            {"text", in_words(*changes)}};
}

}  // namespace

Json json_of_user(const UserId& id, const store::Reader& reader, const Context& context) {
    if (id.value().empty()) return nullptr;
    Person person{id, id.value(), id.value(), {}};
    if (auto found = find_person(reader, id)) person = *std::move(found);
    if (id.value().starts_with("key:"))
        if (const auto key = auth::find_api_key(reader, id.value().substr(4)))
            person.username = person.name = "API key " + key->name;
    for (const Machine& machine : context.machines)
        if (machine.person.id == id) person = machine.person;
    return {{"id", id.value()}, {"username", person.username}, {"name", person.name}};
}

Json summary_of(const Alert& alert, const store::Reader& reader, const Context& context) {
    const auto deliveries = deliveries_of(reader, alert.id);
    const Status status = status_at(alert, context.now());
    const auto user = [&](const std::optional<UserId>& id) {
        return json_of_user(id.value_or(UserId{}), reader, context);
    };
    Json reach{{"kind", "all"}};
    if (const auto* chosen = std::get_if<ChosenCells>(&alert.draft.area))
        reach = {{"kind", "cells"}, {"cells", chosen->cells.size()}};
    const bool over_unwritten = status != alert.status;  // by the clock; the row follows
    return {{"id", alert.id.text()},
            {"version", alert.version},
            {"status", to_string(status)},
            {"mode", to_string(alert.mode)},
            {"channel", alert.draft.channel},
            {"message_identifier", alert.draft.identifier.value()},
            {"excerpt", alert.draft.messages.empty() ? "" : excerpt_of(alert.draft.messages.front().text)},
            {"reach", std::move(reach)},
            {"duration_s", alert.draft.duration.count()},
            {"created_by", user(alert.created_by)},
            {"created_at", base::to_rfc3339(alert.created_at)},
            {"updated_at", base::to_rfc3339(alert.updated_at)},
            {"submitted_by", user(alert.submitted_by)},
            {"submitted_at", time_json(alert.submitted_at)},
            {"approved_by", user(alert.approved_by)},
            {"approved_at", time_json(alert.approved_at)},
            {"on_air_at", time_json(alert.on_air_at)},
            {"ended_at", time_json(over_unwritten ? alert.frozen->end : alert.ended_at)},
            {"start", alert.frozen ? Json(base::to_rfc3339(alert.frozen->start)) : Json(nullptr)},
            {"end", alert.frozen ? Json(base::to_rfc3339(alert.frozen->end)) : Json(nullptr)},
            {"serial_number", alert.frozen ? Json(alert.frozen->serial.value()) : Json(nullptr)},
            {"revision", alert.revision},
            {"chain", alert.chain.text()},
            {"relation", relation_json(alert, reader)},
            {"superseded_by", alert.superseded_by ? Json(alert.superseded_by->text()) : Json(nullptr)},
            {"discard_at",
             is_editable(status) ? Json(base::to_rfc3339(alert.updated_at + kDraftKept)) : Json(nullptr)},
            {"health", to_string(health_of(alert.mode, status, deliveries))},
            {"counts", counts_json(deliveries)}};
}

Json view_of(const Alert& alert, const Person& viewer, const store::Reader& reader, const Context& context) {
    Json view = summary_of(alert, reader, context);
    const auto approvers = eligible_approvers(alert, all_people(reader));
    Json contributors = Json::array();
    for (const UserId& id : alert.contributors) contributors.push_back(json_of_user(id, reader, context));
    Json history = Json::array();
    for (const HistoryEntry& entry : alert.history)
        history.push_back({{"at", base::to_rfc3339(entry.at)},
                           {"action", to_string(entry.action)},
                           {"by", json_of_user(entry.by, reader, context)},
                           {"reason", entry.reason},
                           {"digest", entry.digest}});
    view.update(
        {{"messages", messages_json(alert)},
         {"area", to_json(alert.draft.area)},
         {"repetition_period_s", alert.draft.repetition_period.count()},
         {"note", alert.draft.note},
         {"update", update_json(alert, viewer, reader)},
         {"identifier_meaning", cbs::meaning(alert.draft.identifier)},
         {"digest", alert.frozen ? Json(alert.frozen->digest) : Json(nullptr)},
         {"content", alert.frozen ? Json::parse(alert.frozen->content, nullptr, false) : Json(nullptr)},
         {"contributors", std::move(contributors)},
         {"eligible_approvers", people_json(approvers)},
         {"checklist", checklist_json(alert, approvers.size(), context)},
         {"actions", actions_json(alert, {viewer, context.authority.mode, context.now()}, approvers)},
         {"history", std::move(history)},
         {"delivery", delivery_json(deliveries_of(reader, alert.id), context.terms->reference->cells)},
         {"sending", sending_json(sendings_of(reader, alert.id))}});
    return view;
}

Json json_of(const Network& network) {
    Json cbcs = Json::array();
    for (const CbcStatus& cbc : network.cbcs) {
        Json peers = Json::array();
        for (const NetworkPeer& peer : cbc.peers)
            peers.push_back({{"name", peer.name},
                             {"kind", peer.kind},
                             {"state", peer.up ? "up" : "down"},
                             {"since", time_json(peer.since)}});
        cbcs.push_back({{"name", cbc.name},
                        {"state", to_string(cbc.state)},
                        {"since", time_json(cbc.since)},
                        {"text", cbc.text},
                        {"peers", std::move(peers)}});
    }
    const auto& clock = network.clock_synchronised;
    return {{"cbcs", std::move(cbcs)}, {"clock", {{"synchronised", clock ? Json(*clock) : Json()}}}};
}

Json json_of(const std::string& text, const std::string& language) {
    const std::string tidied = cbs::tidy(text).text;
    const auto measured = measure(Message{language, tidied});
    if (!measured) return nullptr;  // not UTF-8: refused when the body was read
    Json forced = Json::array();
    for (const cbs::Occurrence& one : measured->forced_ucs2)
        forced.push_back(finding(one.character, one.position, one.replacement, ""));
    Json refused = Json::array();
    for (const cbs::RefusedCharacter& one : measured->refused)
        refused.push_back(finding(one.character, one.position, one.replacement, one.sentence));
    const size_t over = measured->characters > measured->limit ? measured->characters - measured->limit : 0;
    return {{"encoding", cbs::to_string(measured->encoding)},
            {"characters", measured->characters},
            {"limit", measured->limit},
            {"pages", measured->pages},
            {"max_pages", cbs::kMaxPages},
            {"over_by", over},
            {"forced_ucs2", std::move(forced)},
            {"refused", std::move(refused)},
            {"sendable", measured->sendable()},
            {"tidied", tidied}};
}

}  // namespace cbe
