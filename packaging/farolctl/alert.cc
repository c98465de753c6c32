// SPDX-License-Identifier: AGPL-3.0-or-later
//
// alert list, show, cells: what the broadcast centre holds.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "packaging/farolctl/ask.h"
#include "packaging/farolctl/commands.h"

namespace ctl {

namespace {

using Rows = std::vector<std::vector<std::string>>;
constexpr int kPage = 5000;  // cells in an answer

std::string counts_text(const nlohmann::json& summary) {
    std::string out;
    for (const auto& [state, count] : summary.items()) {
        if (count.is_number_integer() && count.get<int64_t>() == 0) continue;
        out += (out.empty() ? "" : ", ") + count.dump() + " " + state;
    }
    return out;
}

// {"technology":"gsm",…} as "gsm:001-01:1:6969".
// A cell or an area: of the latter its code and what kind it is.
std::string cell_text(const nlohmann::json& cell) {
    std::string text = word(cell, "technology") + ":" + word(cell, "mcc") + "-" + word(cell, "mnc");
    if (cell.contains("lac")) text += ":" + word(cell, "lac");
    if (cell.contains("tac")) return text + ":tac:" + word(cell, "tac");
    if (cell.contains("emergency_area")) return text + ":ea:" + word(cell, "emergency_area");
    return text + ":" + (cell.contains("ci") ? word(cell, "ci") : "*");
}

void add_cells(const nlohmann::json& cells, Rows& rows) {
    for (const nlohmann::json& cell : cells)
        rows.push_back(
            {cell_text(member(cell, "cell")), word(cell, "state"), word(cell, "cause"), word(cell, "since")});
}

// Of those that the daemon does not list with the alert: how many, and how they are seen.
std::string others_text(const nlohmann::json& delivery, const std::string& id) {
    if (word(delivery, "next_cells").empty()) return "";
    size_t all = 0;
    for (const nlohmann::json& count : member(delivery, "summary"))
        all += count.is_number_unsigned() ? count.get<size_t>() : 0;
    const size_t listed = member(delivery, "cells").size();
    return std::to_string(all - std::min(all, listed)) + " more cells: farolctl alert cells " + id +
           " [--peer NAME]\n";
}

// What is asked for the cells of one peer, message by message.
std::vector<std::string> queries_of(const nlohmann::json& alert, const std::string& wanted) {
    std::vector<std::string> queries;
    for (const nlohmann::json& peer : member(member(alert, "delivery"), "peers"))
        if (word(peer, "peer") == wanted)
            for (const nlohmann::json& message : member(peer, "messages"))
                queries.push_back("&peer=" + wanted +
                                  "&message_identifier=" + word(message, "message_identifier"));
    return queries;
}

}  // namespace

Answer alert_list(const Place& place) {
    const auto asked = ask(place, kDaemons[0], {.path = "/alerts"});
    if (!asked.body) return asked.otherwise;
    Rows rows{{"alert", "state", "mode", "identifiers", "end", "cells"}};
    for (const nlohmann::json& one : member(*asked.body, "alerts"))
        rows.push_back({word(one, "alert_id"), word(one, "state"), word(one, "mode"),
                        word(one, "message_identifiers"), word(one, "end"),
                        counts_text(member(one, "summary"))});
    return Answer::of(rows.size() == 1 ? "no alerts" : table(rows), *asked.body);
}

Answer alert_show(const Place& place, const std::string& id) {
    const auto asked = ask(place, kDaemons[0], {.path = "/alerts/" + id});
    if (!asked.body) return asked.otherwise;
    const nlohmann::json& alert = *asked.body;
    std::string text;
    for (const char* name : {"alert_id", "revision", "state", "mode", "cbe", "serial_number",
                             "message_identifiers", "start", "end", "stopped_at", "digest"})
        if (const auto value = word(alert, name); !value.empty())
            text += std::string(name) + ": " + value + "\n";
    for (const nlohmann::json& message : member(member(alert, "content"), "messages"))
        text += "text (" + word(message, "language") + "): " + word(message, "text") + "\n";
    const nlohmann::json delivery = member(alert, "delivery");
    Rows rows{{"peer or cell", "state", "cause", "since"}};
    for (const nlohmann::json& peer : member(delivery, "peers"))
        rows.push_back({word(peer, "peer"), word(peer, "state"), word(peer, "cause"), word(peer, "since")});
    add_cells(member(delivery, "cells"), rows);
    return Answer::of(text + table(rows) + others_text(delivery, id), alert);
}

Answer alert_cells(const Place& place, const AlertCells& wanted) {
    std::vector<std::string> queries{""};
    if (!wanted.peer.empty()) {
        const auto alert = ask(place, kDaemons[0], {.path = "/alerts/" + wanted.alert});
        if (!alert.body) return alert.otherwise;
        queries = queries_of(*alert.body, wanted.peer);
        if (queries.empty())
            return Answer::of(base::not_found(wanted.peer + " was never asked to broadcast this alert"));
    }
    Rows rows{{"cell", "state", "cause", "since"}};
    nlohmann::json all{{"cells", nlohmann::json::array()}};
    for (const std::string& query : queries) {
        const std::string first = "/alerts/" + wanted.alert + "/cells?limit=" + std::to_string(kPage) + query;
        std::string next;
        do {
            const auto page =
                ask(place, kDaemons[0], {.path = next.empty() ? first : first + "&after=" + next});
            if (!page.body) return page.otherwise;
            const nlohmann::json cells = member(*page.body, "cells");
            add_cells(cells, rows);
            for (const nlohmann::json& cell : cells) all["cells"].push_back(cell);
            next = word(*page.body, "next_cells");
        } while (!next.empty());
    }
    return Answer::of(rows.size() == 1 ? "no cells" : table(rows), all);
}

}  // namespace ctl
