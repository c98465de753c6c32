// SPDX-License-Identifier: AGPL-3.0-or-later
//
// status, log level, alert list and show: what daemons say on their control sockets.
#include <nlohmann/json.hpp>

#include "common/json/parse.h"
#include "packaging/farolctl/ask.h"
#include "packaging/farolctl/caller.h"
#include "packaging/farolctl/commands.h"
#include "packaging/farolctl/verdict.h"

namespace ctl {

namespace {

constexpr int kOkStatus = 200;

DaemonStatus status_of(Caller& caller, const Place& place, const DaemonName& daemon) {
    const auto response = caller.control(place.control_socket(daemon), http::Method::kGet, "/control/status");
    if (!response) return silent(daemon.folder, response.error());
    if (response->status != kOkStatus)
        return silent(daemon.folder, base::invalid("status " + std::to_string(response->status)));
    auto status = read_status(response->body);
    return status ? *status : silent(daemon.folder, status.error());
}

ExitCode exit_code_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::kOk:
            return ExitCode::kOk;
        case Verdict::kDegraded:
            return ExitCode::kPartly;
        case Verdict::kDown:
            return ExitCode::kFailed;
    }
    return ExitCode::kFailed;
}

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

}  // namespace

Answer status(const Place& place) {
    auto caller = Caller::create();
    if (!caller) return Answer::of(caller.error());
    std::vector<DaemonStatus> all;
    for (const DaemonName& daemon : place.configured()) all.push_back(status_of(*caller, place, daemon));
    return Answer::of(text_of(all), json_of(all), exit_code_of(overall(all)));
}

Answer alert_list(const Place& place) {
    const auto asked = ask(place, kDaemons[0], {.path = "/alerts"});
    if (!asked.body) return asked.otherwise;
    std::vector<std::vector<std::string>> rows{{"alert", "state", "mode", "identifiers", "end", "cells"}};
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
    std::vector<std::vector<std::string>> rows{{"peer or cell", "state", "cause", "since"}};
    for (const nlohmann::json& peer : member(delivery, "peers"))
        rows.push_back({word(peer, "peer"), word(peer, "state"), word(peer, "cause"), word(peer, "since")});
    for (const nlohmann::json& cell : member(delivery, "cells"))
        rows.push_back(
            {cell_text(member(cell, "cell")), word(cell, "state"), word(cell, "cause"), word(cell, "since")});
    return Answer::of(text + table(rows), alert);
}

Answer log_level(const Place& place, const LogLevel& wanted) {
    const auto daemon = daemon_named(wanted.daemon);
    if (!daemon) return Answer::of(daemon.error());
    Asked asked;
    if (wanted.level.empty()) {
        asked = ask(place, *daemon, {.path = "/control/log-level"});
    } else {
        nlohmann::json body{{"level", wanted.level}};
        if (!wanted.category.empty()) body["category"] = wanted.category;
        if (wanted.for_s) body["for_s"] = *wanted.for_s;
        asked = ask(place, *daemon, {http::Method::kPut, "/control/log-level", body.dump()});
    }
    if (!asked.body) return asked.otherwise;
    std::vector<std::vector<std::string>> rows{{"category", "level"},
                                               {"all others", word(*asked.body, "level")}};
    const nlohmann::json categories = member(*asked.body, "categories");  // items() keeps a reference
    for (const auto& [category, level] : categories.items())
        rows.push_back({category, level.is_string() ? level.get<std::string>() : level.dump()});
    return Answer::of(table(rows), *asked.body);
}

}  // namespace ctl
