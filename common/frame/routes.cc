// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/routes.h"

#include <nlohmann/json.hpp>

#include "common/frame/frame.h"
#include "common/frame/version.h"

namespace frame {
namespace {

using http::Access;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;

Response health_answer(const Health& health, const Request& request, Status status) {
    nlohmann::ordered_json body{{"status", to_string(status)}, {"phase", to_string(health.phase())}};
    if (!request.peer.role.empty()) {
        body["checks"] = nlohmann::ordered_json::array();
        for (const auto& [name, check] : health.checks())
            body["checks"].push_back({{"name", name},
                                      {"status", to_string(check.status)},
                                      {"since", base::to_rfc3339(check.since)},
                                      {"hint", check.hint}});
    }
    return Response::json(status == Status::kDown ? 503 : 200, body.dump());
}

Response version_answer(const Program& program) {
    const Version built = version();
    const nlohmann::ordered_json body{{"program", program.binary},
                                      {"version", built.version},
                                      {"commit", built.commit},
                                      {"commit_date", built.date},
                                      {"schema_level", program.schema_level}};
    return Response::json(200, body.dump());
}

void add(http::Router& router, const char* path, const Access& access,
         std::function<Response(const Request&)> answer) {
    router.add({Method::kGet, path, access, 0,
                [answer = std::move(answer)](const Request& request, ResponderPtr responder) {
                    responder->respond(answer(request));
                }});
}

void add_to(http::Router& router, Frame& frame) {
    const Access known = Access::role({"monitor", "admin"});
    add(router, "/livez", Access::anybody(),
        [](const Request&) { return Response::json(200, R"({"status":"ok"})"); });
    add(router, "/readyz", Access::anybody(), [&frame](const Request& request) {
        return health_answer(frame.health(), request, frame.health().overall());
    });
    add(router, "/startupz", Access::anybody(), [&frame](const Request& request) {
        const bool started = frame.health().phase() != Phase::kStarting;
        return health_answer(frame.health(), request, started ? Status::kOk : Status::kDown);
    });
    add(router, "/healthz", known, [&frame](const Request& request) {
        return health_answer(frame.health(), request, frame.health().overall());
    });
    add(router, "/metrics", known, [&frame](const Request&) {
        Response response = Response::text(200, frame.metrics().text());
        response.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}};
        return response;
    });
    add(router, "/version", known, [&frame](const Request&) { return version_answer(frame.program()); });
}

}  // namespace

void add_routes(Frame& frame) {
    add_to(frame.api(), frame);
    add_to(frame.control(), frame);
    add_control_routes(frame);
    add_record_routes(frame);
    add_cluster_routes(frame);
}

}  // namespace frame
