// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/alert_routes.h"

#include <charconv>

#include "cbe/api/alert_body.h"
#include "cbe/api/alert_view.h"
#include "cbe/api/problems.h"
#include "cbe/store/alert_record.h"
#include "cbe/store/tables.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;
using http::Method;

http::Response not_found() {
    return to_response(Refusal{
        RefusalCode::kNotFound, "There is no such alert. Reload the list; the link may be an old one.", {}});
}

http::Response view_response(int status, const Alert& alert, const Person& viewer, const Context& context) {
    return http::Response::json(status, json::dump(view_of(alert, viewer, *context.store.read(), context)))
        .with_header("Cache-Control", "no-store");
}

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

// One write to alerts: what the body says, and the change it stands for.
struct Wish {
    std::optional<std::string> code;
    AlertChange change;
};
// Reads the body; its mistakes are `body`'s problems.
using ReadWish = std::function<Wish(const AlertId&, json::Object& body)>;

struct WriteRoute {
    Method method;
    std::string pattern;
    std::string action;
    Permission permission;
    int status;
    ReadWish read;
};

void add_write(http::Router& router, Gate& gate, const WriteRoute& route) {
    router.add(gate.write(
        route.method, route.pattern, route.permission,
        [&context = gate.context(), route](const http::Request& request, const Caller& caller,
                                           const Json& json, http::ResponderPtr responder) {
            if (!idempotency_key(request)) return responder->respond(idempotency_key_wanted());
            AlertId id = base::new_uuid(static_cast<uint64_t>(
                std::chrono::duration_cast<std::chrono::milliseconds>(context.now().time_since_epoch())
                    .count()));
            if (request.parameters.contains("id")) {
                const auto given = base::Uuid::parse(request.parameter("id"));
                if (!given) return responder->respond(not_found());
                id = *given;
            }
            json::Problems problems;
            json::Object body(json, problems);
            Wish wish = route.read(id, body);
            body.no_others();
            if (!problems.empty()) return responder->respond(to_response(problems));
            run_change(context, {route.action, caller, asking_of(context, request, caller, wish.code)},
                       std::move(wish.change), std::move(responder),
                       [&context, caller, status = route.status](const Alert& alert) {
                           return view_response(status, alert, caller.person, context);
                       });
        }));
}

std::string code_of(json::Object& body) { return body.string("totp", {.max = 16}); }

Wish wish_to_create(const AlertId& id, json::Object& body) {
    return {{},
            [id, edit = read_edit(body)](store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return create_alert(txn, terms, asking, id, edit);
            }};
}

uint32_t version_of(json::Object& body) {
    return static_cast<uint32_t>(body.integer("version", {.min = 1, .max = UINT32_MAX}));
}

Wish wish_to_save(const AlertId& id, json::Object& body) {
    const uint32_t version = version_of(body);
    return {{},
            [id, version, edit = read_edit(body)](store::Transaction& txn, const Terms& terms,
                                                  const Asking& asking) {
                return save_alert(txn, terms, asking, id, version, edit);
            }};
}

Wish wish_to_submit(const AlertId& id, json::Object& body) {
    const uint32_t version = version_of(body);
    return {code_of(body), [id, version](store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return submit_alert(txn, terms, asking, id, version);
            }};
}

Wish wish_to_approve(const AlertId& id, json::Object& body) {
    return {code_of(body), [id, digest = body.string("digest", {.max = 64})](
                               store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return approve_alert(txn, terms, asking, id, digest);
            }};
}

Wish wish_to_return(const AlertId& id, json::Object& body) {
    return {{},
            [id, reason = body.string("reason", {.max = 1000})](store::Transaction& txn, const Terms& terms,
                                                                const Asking& asking) {
                return return_alert(txn, terms, asking, id, reason);
            }};
}

Wish wish_to_withdraw(const AlertId& id, json::Object&) {
    return {{}, [id](store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return withdraw_alert(txn, terms, asking, id);
            }};
}

Wish wish_to_stop(const AlertId& id, json::Object& body) {
    return {code_of(body), [id, reason = body.string("reason", {.max = 1000})](
                               store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return stop_alert(txn, terms, asking, id, reason);
            }};
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
            responder->respond(alert ? view_response(200, *alert, caller.person, context) : not_found());
        }));
    const std::string one = "/api/v1/alerts/{id}";
    for (const WriteRoute& route : {
             WriteRoute{Method::kPost, "/api/v1/alerts", "create", Permission::kCreate, 201, wish_to_create},
             WriteRoute{Method::kPatch, one, "save", Permission::kCreate, 200, wish_to_save},
             WriteRoute{Method::kPost, one + "/submit", "submit", Permission::kCreate, 200, wish_to_submit},
             WriteRoute{Method::kPost, one + "/approve", "approve", Permission::kApprove, 200,
                        wish_to_approve},
             WriteRoute{Method::kPost, one + "/return", "return", Permission::kApprove, 200, wish_to_return},
             WriteRoute{Method::kPost, one + "/withdraw", "withdraw", Permission::kCreate, 200,
                        wish_to_withdraw},
             WriteRoute{Method::kPost, one + "/stop", "stop", Permission::kStop, 200, wish_to_stop},
         })
        add_write(router, gate, route);
}

}  // namespace cbe
