// SPDX-License-Identifier: AGPL-3.0-or-later
//
// status, log level: what daemons say on their control sockets.
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

}  // namespace

Answer status(const Place& place) {
    auto caller = Caller::create();
    if (!caller) return Answer::of(caller.error());
    std::vector<DaemonStatus> all;
    for (const DaemonName& daemon : place.configured()) all.push_back(status_of(*caller, place, daemon));
    return Answer::of(text_of(all), json_of(all), exit_code_of(overall(all)));
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
