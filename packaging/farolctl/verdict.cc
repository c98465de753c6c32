// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/verdict.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/json/object.h"
#include "common/json/parse.h"
#include "packaging/farolctl/answer.h"

namespace ctl {

namespace {

const std::vector<std::string_view> kWords{"ok", "degraded", "down"};  // in the order of Verdict

}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::kOk:
            return "OK";
        case Verdict::kDegraded:
            return "DEGRADED";
        case Verdict::kDown:
            return "DOWN";
    }
    return "";
}

base::Result<DaemonStatus> read_status(std::string_view body) {
    const auto parsed = json::parse(body);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object object(*parsed, problems);
    DaemonStatus out;
    out.daemon = object.string("daemon", {});
    out.version = object.string("version", {});
    out.phase = object.string("phase", {});
    out.pid = object.integer("pid", {});
    out.uptime_s = object.integer("uptime_s", {});
    out.verdict = static_cast<Verdict>(object.one_of("status", kWords));
    out.cluster = object.optional_string("cluster", {.max = 2000, .min = 0}).value_or("");
    object.objects("checks", {}, [&](json::Object& check) {
        const auto verdict = static_cast<Verdict>(check.one_of("status", kWords));
        const std::string name = check.string("name", {});
        const std::string hint = check.string("hint", {.max = 2000, .min = 0});
        if (verdict != Verdict::kOk) out.reasons.push_back(name + ": " + (hint.empty() ? "not well" : hint));
    });
    if (!problems.empty()) return problems.error().within("the answer of the daemon");
    return out;
}

DaemonStatus silent(std::string_view daemon, const base::Error& why) {
    DaemonStatus out;
    out.daemon = std::string(daemon);
    out.reasons.push_back("does not answer: " + why.text);
    return out;
}

Verdict overall(const std::vector<DaemonStatus>& daemons) {
    if (daemons.empty()) return Verdict::kDown;
    return std::max_element(
               daemons.begin(), daemons.end(),
               [](const DaemonStatus& a, const DaemonStatus& b) { return a.verdict < b.verdict; })
        ->verdict;
}

std::string text_of(const std::vector<DaemonStatus>& daemons) {
    std::string out(to_string(overall(daemons)));
    out += "\n";
    if (daemons.empty()) return out + "  no daemon has a configuration here\n";
    std::vector<std::vector<std::string>> rows{{"daemon", "state", "phase", "up", "pid", "version"}};
    for (const DaemonStatus& one : daemons)
        rows.push_back({one.daemon, std::string(to_string(one.verdict)), one.phase,
                        one.pid > 0 ? duration_text(one.uptime_s) : "",
                        one.pid > 0 ? std::to_string(one.pid) : "", one.version});
    out += table(rows);
    for (const DaemonStatus& one : daemons) {
        if (!one.cluster.empty()) out += "  " + one.daemon + ": in its cluster: " + one.cluster + "\n";
        for (const std::string& reason : one.reasons) out += "  " + one.daemon + ": " + reason + "\n";
    }
    return out;
}

nlohmann::json json_of(const std::vector<DaemonStatus>& daemons) {
    nlohmann::json list = nlohmann::json::array();
    for (const DaemonStatus& one : daemons)
        list.push_back({{"daemon", one.daemon},
                        {"verdict", to_string(one.verdict)},
                        {"phase", one.phase},
                        {"pid", one.pid},
                        {"uptime_s", one.uptime_s},
                        {"version", one.version},
                        {"cluster", one.cluster},
                        {"reasons", one.reasons}});
    return {{"verdict", to_string(overall(daemons))}, {"daemons", list}};
}

std::string duration_text(int64_t seconds) {
    constexpr int64_t kMinute = 60;
    constexpr int64_t kHour = 60 * kMinute;
    constexpr int64_t kDay = 24 * kHour;
    const auto number = [](int64_t value) { return std::to_string(value); };
    if (seconds >= kDay) return number(seconds / kDay) + " d " + number(seconds % kDay / kHour) + " h";
    if (seconds >= kHour) return number(seconds / kHour) + " h " + number(seconds % kHour / kMinute) + " min";
    if (seconds >= kMinute) return number(seconds / kMinute) + " min";
    return number(seconds) + " s";
}

}  // namespace ctl
