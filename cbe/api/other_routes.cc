// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/other_routes.h"

#include "cbe/api/alert_view.h"
#include "cbe/api/problems.h"
#include "cbe/store/content_json.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

constexpr size_t kSignInBody = 4096;

void sign_in(Sessions& sessions, const http::Request& request, http::ResponderPtr responder) {
    const auto parsed = json_body(request);
    if (!parsed) return responder->respond(parsed.error());
    json::Problems problems;
    json::Object body(*parsed, problems);
    if (body.has("challenge")) {
        const std::string challenge = body.string("challenge", {.max = 512});
        const std::string code = body.string("totp", {.max = 16});
        if (!problems.empty()) return responder->respond(to_response(problems));
        return sessions.finish(request, challenge, code, std::move(responder));
    }
    const std::string username = body.string("username", {.max = 254});
    std::string password = body.string("password", {.max = 256});
    if (!problems.empty()) return responder->respond(to_response(problems));
    sessions.begin(request, username, std::move(password), std::move(responder));
}

Json channel_json(const Channel& channel, const Reference& reference) {
    Json identifiers = Json::array();
    for (const cbs::MessageIdentifier identifier : channel.identifiers) {
        const auto additional = cbs::additional_language(identifier);
        identifiers.push_back({{"local", identifier.value()},
                               {"additional", additional ? Json(additional->value()) : Json(nullptr)},
                               {"meaning", cbs::meaning(identifier)}});
    }
    const DurationLimits limits = duration_limits(channel.kind);
    return {{"key", channel.key},
            {"name", channel.name},
            {"identifiers", std::move(identifiers)},
            {"kind", to_string(channel.kind)},
            {"opt_out", to_string(channel.opt_out)},
            {"default_duration_s", channel.default_duration.count()},
            {"min_duration_s", limits.least.count()},
            {"max_duration_s", limits.most.count()},
            {"repetition_period_s", channel.repetition_period.count()},
            {"max_languages", channel.max_languages()},
            {"allowed", reference.allows(channel.key)}};
}

Json site_json(const Site& site) {
    const auto degrees = [](const std::optional<int32_t>& e7) {
        return e7 ? Json(*e7 / 1e7) : Json(nullptr);
    };
    return {{"cell", to_json(site.cell)},
            {"name", site.name},
            {"latitude", degrees(site.latitude_e7)},
            {"longitude", degrees(site.longitude_e7)}};
}

template <class Items, class ToJson>
http::Response items_response(const Items& items, ToJson to_item) {
    Json all = Json::array();
    for (const auto& item : items) all.push_back(to_item(item));
    return http::Response::json(200, json::dump({{"items", std::move(all)}}));
}

void measure_text(const Json& json, http::ResponderPtr responder) {
    json::Problems problems;
    json::Object body(json, problems);
    const std::string text = body.string("text", {.max = 8000, .min = 0});
    const std::string language = body.string("language", {.max = 2});
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    responder->respond(http::Response::json(200, json::dump(json_of(text, language))));
}

}  // namespace

void add_session_routes(http::Router& router, Gate& gate) {
    Sessions& sessions = gate.sessions();
    router.add({http::Method::kPost, "/api/v1/session", http::Access::anybody(), kSignInBody,
                [&sessions](const http::Request& request, http::ResponderPtr responder) {
                    sign_in(sessions, request, std::move(responder));
                }});
    router.add(gate.account_read("/api/v1/session", [&sessions](const http::Request&, const Caller& caller,
                                                                http::ResponderPtr responder) {
        if (const auto session = sessions.find(caller.token)) responder->respond(sessions.describe(*session));
    }));
    router.add(gate.account_write(http::Method::kDelete, "/api/v1/session",
                                  [&sessions](const http::Request& request, const Caller& caller, const Json&,
                                              http::ResponderPtr responder) {
                                      if (const auto session = sessions.find(caller.token))
                                          sessions.end(origin_of(request), *session, std::move(responder));
                                  }));
}

void add_reference_routes(http::Router& router, Gate& gate) {
    Context& context = gate.context();
    router.add(gate.read("/api/v1/channels", {},
                         [&context](const http::Request&, const Caller&, http::ResponderPtr responder) {
                             const Reference& reference = *context.terms->reference;
                             responder->respond(items_response(
                                 reference.channels.all(),
                                 [&](const Channel& channel) { return channel_json(channel, reference); }));
                         }));
    router.add(gate.read(
        "/api/v1/cells", {}, [&context](const http::Request&, const Caller&, http::ResponderPtr responder) {
            responder->respond(items_response(context.terms->reference->cells.sites(), site_json));
        }));
    router.add(gate.read(
        "/api/v1/network", {}, [&context](const http::Request&, const Caller&, http::ResponderPtr responder) {
            responder->respond(http::Response::json(200, json::dump(json_of(context.network()))));
        }));
    router.add(gate.write(http::Method::kPost, "/api/v1/text/measure", {},
                          [](const http::Request&, const Caller&, const Json& body,
                             http::ResponderPtr responder) { measure_text(body, std::move(responder)); }));
}

}  // namespace cbe
