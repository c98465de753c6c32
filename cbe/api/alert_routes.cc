// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/alert_routes.h"

#include <charconv>

#include "cbe/api/alert_view.h"
#include "cbe/api/alert_writes.h"
#include "cbe/api/problems.h"
#include "cbe/store/alert_record.h"
#include "cbe/store/tables.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

size_t limit_of(const http::Request& request) {
    const std::string text = request.query_value("limit").value_or("");
    size_t limit = 50;
    std::from_chars(text.data(), text.data() + text.size(), limit);
    return std::clamp<size_t>(limit, 1, 200);
}

std::vector<Status> statuses_of(const http::Request& request) {
    std::vector<Status> wanted;
    for (const auto& [name, value] : request.query)
        if (name == "status")
            if (const auto status = status_of(value)) wanted.push_back(*status);
    return wanted;
}

void list_alerts(const Context& context, const http::Request& request, http::ResponderPtr responder) {
    const auto reader = context.store.read();
    const auto wanted = statuses_of(request);
    const size_t limit = limit_of(request);
    const auto before = base::Uuid::parse(request.query_value("before").value_or(""));
    // One octet more than the key of `before`: the first key behind it.
    const std::string from = before ? tables::alert_key(*before) + '\0' : "";
    Json items = Json::array();
    Json next = nullptr;
    std::string last;
    reader->scan(tables::kAlerts, "", from, [&](std::string_view, std::string_view value) {
        const auto alert = decode_alert(value);
        if (!alert) return true;
        const Status status = status_at(*alert, context.now());
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), status) == wanted.end()) return true;
        if (items.size() == limit) {
            next = last;
            return false;
        }
        last = alert->id.text();
        items.push_back(summary_of(*alert, *reader, context));
        return true;
    });
    responder->respond(
        http::Response::json(200, json::dump({{"items", std::move(items)}, {"next", std::move(next)}}))
            .with_header("Cache-Control", "no-store"));
}

}  // namespace

void add_alert_routes(http::Router& router, Gate& gate) {
    Context& context = gate.context();
    router.add(
        gate.read("/api/v1/alerts", Permission::kView,
                  [&context](const http::Request& request, const Caller&, http::ResponderPtr responder) {
                      list_alerts(context, request, std::move(responder));
                  }));
    router.add(gate.read(
        "/api/v1/alerts/{id}", Permission::kView,
        [&context](const http::Request& request, const Caller& caller, http::ResponderPtr responder) {
            const auto id = base::Uuid::parse(request.parameter("id"));
            const auto alert = id ? find_alert(*context.store.read(), *id) : std::nullopt;
            responder->respond(alert ? alert_response(200, *alert, caller.person, context) : no_such_alert());
        }));
    add_alert_writes(router, gate);
}

}  // namespace cbe
