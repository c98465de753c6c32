// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/crm_message.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "cbe/api/alert_view.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

constexpr uint16_t kContinuously = 999;

std::optional<uint16_t> number16(const std::string& word) {
    uint16_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || error != std::errc{} || end != word.data() + word.size()) return {};
    return value;
}

void read_identifier(json::Object& body, const Reference& reference, DraftEdit& edit) {
    const auto word = body.optional_string("messageIdentifier", {.max = 5});
    if (!word) return;
    const auto number = number16(*word);
    if (!number) return body.wrong("messageIdentifier", "must be digits, from 0 to 65535");
    edit.identifier = cbs::MessageIdentifier{*number};
    const Channel* channel = reference.channels.of(*edit.identifier);
    edit.channel = channel != nullptr ? channel->key : "";
}

std::vector<Cell> cells_of(json::Object& item, const Reference& reference) {
    const std::string area = item.string("tracking_area", {.max = 16});
    const std::string network = item.string("operator", {.max = 7});
    const size_t technology = item.one_of("rat_type", {"GSM", "UMTS", "LTE", "5G"});
    std::vector<Cell> cells;
    const auto number = number16(area);
    for (const Site& site : reference.cells.sites())
        if (technology == 0 && site.cell.technology == Technology::kGsm && number &&
            site.cell.mcc + "-" + site.cell.mnc == network &&
            (site.cell.ci == *number || site.cell.lac == *number))
            cells.push_back(site.cell);
    if (cells.empty()) item.wrong("tracking_area", "names no cell of the site data");
    return cells;
}

void read_area(json::Object& body, const Reference& reference, DraftEdit& edit) {
    if (!body.has("tracking_areas")) return;
    std::vector<Cell> cells;
    size_t areas = 0;
    body.objects("tracking_areas", {.max = 1000}, [&](json::Object& item) {
        ++areas;
        for (Cell& cell : cells_of(item, reference)) cells.push_back(std::move(cell));
        item.no_others();
    });
    edit.area = areas == 0 ? Area{AllCells{}} : chosen_cells(std::move(cells));
}

std::string status_word(Status status) {
    switch (status) {
        case Status::kDraft:
        case Status::kReturned:
        case Status::kPendingApproval:
            return "pending approval";
        case Status::kApproved:
        case Status::kBroadcasting:
            return "active";
        case Status::kCompleted:
        case Status::kSuperseded:
        case Status::kFailed:
            return "expired";
        case Status::kRejected:
        case Status::kDiscarded:
        case Status::kCancelled:
            return "cancelled";
    }
    return "cancelled";
}

}  // namespace

DraftEdit read_crm_edit(json::Object& body, const Reference& reference) {
    DraftEdit edit;
    read_identifier(body, reference, edit);
    if (body.has("category"))
        edit.category = body.one_of("category", {"normal", "emergency", "high", "extreme"}) == 0
                            ? Category::kNormal
                            : Category::kHigh;
    if (body.has("channelIndicator")) body.one_of("channelIndicator", {"basic"});
    if (const auto seconds = body.optional_integer("repetitionPeriod", {.min = 2, .max = 4095}))
        edit.repetition_period = std::chrono::seconds{*seconds};
    if (const auto seconds = body.optional_integer("warningPeriodSec", {.min = 1, .max = 86'340}))
        edit.duration = std::chrono::seconds{*seconds};
    if (const auto count = body.optional_integer("numberOfBroadcasts", {.min = 1, .max = 65535}))
        edit.broadcasts =
            *count == kContinuously ? std::nullopt : std::optional<uint16_t>(static_cast<uint16_t>(*count));
    if (body.has("localized_messages")) {
        std::vector<Message> messages;
        body.objects("localized_messages", {.max = 16}, [&](json::Object& item) {
            messages.push_back(
                {item.string("language", {.max = 2, .min = 2}), item.string("messageBody", {.max = 8000})});
            item.no_others();
        });
        edit.messages = std::move(messages);
    }
    read_area(body, reference, edit);
    return edit;
}

Json crm_json(const Alert& alert, const store::Reader& reader, const Context& context) {
    Json messages = Json::array();
    for (const Message& message : alert.draft.messages)
        messages.push_back({{"language", message.language}, {"messageBody", message.text}});
    Json areas = Json::array();
    if (const auto* chosen = std::get_if<ChosenCells>(&alert.draft.area))
        for (const Cell& cell : chosen->cells)
            areas.push_back({{"tracking_area", std::to_string(cell.ci)},
                             {"operator", cell.mcc + "-" + cell.mnc},
                             {"rat_type", "GSM"}});
    const auto username = [&](const UserId& id) {
        const Json user = json_of_user(id, reader, context);
        return user.is_null() ? Json(nullptr) : user.at("username");
    };
    return {{"cbc_message_id", alert.number},
            {"cbc_unique_id", alert.id.text()},
            {"messageIdentifier", std::to_string(alert.draft.identifier.value())},
            {"message_identifier_meaning", cbs::meaning(alert.draft.identifier)},
            {"category", to_string(alert.draft.category)},
            {"repetitionPeriod", alert.draft.repetition_period.count()},
            {"numberOfBroadcasts", alert.draft.broadcasts.value_or(kContinuously)},
            {"warningPeriodSec", alert.draft.duration.count()},
            {"channelIndicator", "basic"},
            {"localized_messages", std::move(messages)},
            {"tracking_areas", std::move(areas)},
            {"initiating_user", username(alert.created_by)},
            {"approving_user", username(alert.approved_by.value_or(UserId{}))},
            {"created", base::to_rfc3339(alert.created_at)},
            {"status", status_word(status_at(alert, context.now()))}};
}

}  // namespace cbe
