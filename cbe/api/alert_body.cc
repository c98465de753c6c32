// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/alert_body.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cbe {
namespace {

constexpr size_t kMostTextCharacters = 8000;
constexpr size_t kMostMessages = 16;

bool is_language(const std::string& word) {
    return word.size() == 2 &&
           std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::vector<Message> read_messages(json::Object& body) {
    std::vector<Message> messages;
    body.objects("messages", {.max = kMostMessages}, [&](json::Object& item) {
        Message message{item.string("language", {.max = 2}),
                        item.string("text", {.max = kMostTextCharacters, .min = 0})};
        if (!message.language.empty() && !is_language(message.language))
            item.wrong("language", "must be two small letters (ISO 639-1)");
        item.no_others();
        messages.push_back(std::move(message));
    });
    return messages;
}

std::optional<Cell> read_cell(json::Object& item) {
    const std::string technology = item.string("technology", {.max = 8});
    const std::string mcc = item.string("mcc", {.max = 3});
    const std::string mnc = item.string("mnc", {.max = 3});
    const auto lac = item.optional_integer("lac", {.max = 65535});
    const int64_t ci = item.integer("ci", {.max = kLargestCellNumber});
    auto cell = make_cell(technology, mcc, mnc, lac, ci);
    if (cell) return *cell;
    item.wrong("", cell.error().text);
    return {};
}

}  // namespace

Area read_area(json::Object& area) {
    if (area.one_of("kind", {"all", "cells"}) == 0) return AllCells{};
    std::vector<Cell> cells;
    area.objects("cells", {.max = kMaxChosenCells}, [&](json::Object& item) {
        if (auto cell = read_cell(item)) cells.push_back(*std::move(cell));
    });
    return chosen_cells(std::move(cells));
}

DraftEdit read_edit(json::Object& body) {
    DraftEdit edit;
    edit.channel = body.optional_string("channel", {.max = 32});
    if (const auto identifier = body.optional_integer("message_identifier", {.max = 65535}))
        edit.identifier = cbs::MessageIdentifier{static_cast<uint16_t>(*identifier)};
    if (body.has("messages")) edit.messages = read_messages(body);
    if (auto area = body.optional_object("area")) edit.area = read_area(*area);
    if (const auto seconds = body.optional_integer("duration_s", {.min = 1, .max = 86'340}))
        edit.duration = std::chrono::seconds{*seconds};
    if (const auto seconds = body.optional_integer("repetition_period_s", {.min = 2, .max = 4095}))
        edit.repetition_period = std::chrono::seconds{*seconds};
    edit.note = body.optional_string("note", {.max = 1000, .min = 0});
    return edit;
}

}  // namespace cbe
