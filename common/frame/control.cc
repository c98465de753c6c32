// SPDX-License-Identifier: AGPL-3.0-or-later
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/frame/frame.h"
#include "common/frame/routes.h"
#include "common/frame/version.h"
#include "common/json/object.h"
#include "common/json/parse.h"

namespace frame {
namespace {

using http::Access;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;

constexpr size_t kBodyMax = 4096;
constexpr int64_t kDebugSeconds = 1800;  // debug ends by itself
constexpr int64_t kLongestSeconds = 7 * 24 * 3600;

nlohmann::ordered_json levels_json(const logs::Levels& levels) {
    nlohmann::ordered_json out{{"level", to_string(levels.standard)},
                               {"categories", nlohmann::ordered_json::object()}};
    for (const auto& [category, level] : levels.categories) out["categories"][category] = to_string(level);
    return out;
}

Response status_answer(Frame& frame) {
    nlohmann::ordered_json listeners = nlohmann::ordered_json::object();
    for (const auto& [name, places] : frame.listeners())
        for (const http::Bound& bound : places)
            listeners[name].push_back({{"host", bound.host}, {"port", bound.port}});
    nlohmann::ordered_json checks = nlohmann::ordered_json::array();
    for (const auto& [name, check] : frame.health().checks())
        checks.push_back({{"name", name},
                          {"status", to_string(check.status)},
                          {"since", base::to_rfc3339(check.since)},
                          {"hint", check.hint}});
    const auto up =
        std::chrono::duration_cast<std::chrono::seconds>(frame.clock().now() - frame.started_at());
    const nlohmann::ordered_json body{{"daemon", frame.program().daemon},
                                      {"program", frame.program().binary},
                                      {"version", version().version},
                                      {"commit", version().commit},
                                      {"pid", getpid()},
                                      {"started_at", base::to_rfc3339(frame.started_at())},
                                      {"uptime_s", up.count()},
                                      {"phase", to_string(frame.health().phase())},
                                      {"status", to_string(frame.health().overall())},
                                      {"checks", checks},
                                      {"cluster", frame.cluster_verdict().sentence},
                                      {"listeners", listeners},
                                      {"config", frame.args().config},
                                      {"log", levels_json(frame.sink().levels())}};
    return Response::json(200, body.dump());
}

struct Action {
    std::string action;
    std::string object;
    std::string after;
};

// Answers when the audit record is durable. When it cannot be written the answer comes all the same, with an
// error in the log: a daemon whose disk is full must still be told to log more.
void answer_audited(Frame& frame, const Request& request, const Action& action, ResponderPtr responder,
                    Response response) {
    // Shared because a callback of the store must be copyable.
    const std::shared_ptr<http::Responder> later = std::move(responder);
    frame.audit(frame.audit_entry(request, action.action, action.object, action.after),
                [later, response = std::move(response)] { later->respond(response); });
}

// One level at a time may be lent; when its time is over the configured levels stand again.
class LevelRoute {
 public:
    explicit LevelRoute(Frame& frame) : frame_(frame) {}

    void put(const Request& request, ResponderPtr responder) {
        const auto body = json::parse(request.body);
        if (!body) {
            responder->respond(Response::problem(400, "invalid-json", body.error().text));
            return;
        }
        json::Problems problems;
        json::Object object(*body, problems);
        const auto level =
            static_cast<logs::Level>(object.one_of("level", {"error", "warning", "notice", "info", "debug"}));
        const std::string category = object.optional_string("category", {.max = 64}).value_or("");
        const bool debug = level == logs::Level::kDebug;
        const int64_t seconds = object.optional_integer("for_s", {.min = 0, .max = kLongestSeconds})
                                    .value_or(debug ? kDebugSeconds : 0);
        object.no_others();
        if (!problems.empty()) {
            responder->respond(Response::problem(422, "invalid-body", problems.text()));
            return;
        }
        set(level, category, std::chrono::seconds{seconds});
        answer_audited(frame_, request,
                       {.action = "log.level.set",
                        .object = category.empty() ? "all" : category,
                        .after = std::string(to_string(level))},
                       std::move(responder), Response::json(200, levels_json(frame_.sink().levels()).dump()));
    }

 private:
    void set(logs::Level level, const std::string& category, std::chrono::seconds lent) {
        logs::Levels levels = frame_.sink().levels();
        if (category.empty()) {
            levels.standard = level;
        } else {
            levels.categories[category] = level;
        }
        frame_.sink().set_levels(levels);
        frame_.log().notice("log.level.set", {{"level", to_string(level)},
                                              {"category", category.empty() ? "all" : category},
                                              {"for_s", lent.count()}});
        expiry_.reset();
        if (lent.count() == 0) return;
        expiry_ = frame_.loop().after(lent, [this] {
            frame_.sink().set_levels(frame_.configured_levels());
            frame_.log().notice("log.level.expired");
        });
    }

    Frame& frame_;  // outlives it
    loop::HandlePtr expiry_;
};

Response reload_answer(const ReloadReport& report) {
    if (report.outcome == ReloadReport::Outcome::kApplied)
        return Response::json(200, nlohmann::ordered_json{{"changes", report.lines}}.dump());
    std::string all;
    for (const std::string& line : report.lines) all += (all.empty() ? "" : "\n") + line;
    return Response::problem(422, "configuration-rejected", all);
}

}  // namespace

void add_control_routes(Frame& frame) {
    const Access admin = Access::role({"admin"});
    http::Router& router = frame.control();
    router.add({Method::kGet, "/control/status", admin, 0, [&frame](const Request&, ResponderPtr responder) {
                    responder->respond(status_answer(frame));
                }});
    router.add(
        {Method::kGet, "/control/log-level", admin, 0, [&frame](const Request&, ResponderPtr responder) {
             responder->respond(Response::json(200, levels_json(frame.sink().levels()).dump()));
         }});
    // Shared by the copies of the handler that the router makes.
    const auto level = std::make_shared<LevelRoute>(frame);
    router.add({Method::kPut, "/control/log-level", admin, kBodyMax,
                [level](const Request& request, ResponderPtr responder) {
                    level->put(request, std::move(responder));
                }});
    router.add({Method::kPost, "/control/reload", admin, kBodyMax,
                [&frame](const Request& request, ResponderPtr responder) {
                    const ReloadReport report = frame.reload();
                    const bool applied = report.outcome == ReloadReport::Outcome::kApplied;
                    answer_audited(frame, request,
                                   {.action = "config.reload",
                                    .object = frame.args().config,
                                    .after = applied ? "applied" : "refused"},
                                   std::move(responder), reload_answer(report));
                }});
}

}  // namespace frame
