// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/crm_routes.h"

#include <charconv>

#include "cbe/api/crm_message.h"
#include "cbe/api/problems.h"
#include "cbe/store/alert_record.h"
#include "cbe/store/tables.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;
using http::Method;

constexpr size_t kMostListed = 1000;

http::Response not_found() {
    return to_response(Refusal{RefusalCode::kNotFound, "There is no message with that cbc_message_id.", {}});
}

void list(const Context& context, http::ResponderPtr responder) {
    const auto reader = context.store.read();
    Json all = Json::array();
    reader->scan(tables::kAlerts, "", "", [&](std::string_view, std::string_view value) {
        if (const auto alert = decode_alert(value)) all.push_back(crm_json(*alert, *reader, context));
        return all.size() < kMostListed;
    });
    responder->respond(http::Response::json(200, json::dump(all)).with_header("Cache-Control", "no-store"));
}

// An officer's request without a code is a mistake of its form, not a wrong code, which would count.
void want_code(json::Object& body, const Caller& caller, const std::optional<std::string>& code) {
    if (caller.kind == ActorKind::kOfficer && !code)
        body.wrong("totp", "is missing: an officer's decision needs a fresh code");
}

void change(Context& context, Asked asked, AlertChange wish, int status, http::ResponderPtr responder) {
    run_change(context, std::move(asked), std::move(wish), std::move(responder),
               [&context, status](const Alert& alert) {
                   return http::Response::json(status,
                                               json::dump(crm_json(alert, *context.store.read(), context)));
               });
}

void put(Context& context, const http::Request& request, const Caller& caller, const Json& json,
         http::ResponderPtr responder) {
    json::Problems problems;
    json::Object body(json, problems);
    const DraftEdit edit = read_crm_edit(body, *context.terms->reference);
    const auto code = body.optional_string("totp", {.max = 16});
    want_code(body, caller, code);
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    const AlertId id = base::new_uuid(static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(context.now().time_since_epoch()).count()));
    change(
        context, {"submit", caller, asking_of(context, request, caller, code)},
        [id, edit](store::Transaction& txn, const Terms& terms, const Asking& asking) {
            return create_and_submit(txn, terms, asking, id, edit);
        },
        201, std::move(responder));
}

// The number in the path, or 0.
int64_t number_of(const http::Request& request) {
    const std::string& word = request.parameter("cbc_message_id");
    int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    return error == std::errc{} && end == word.data() + word.size() ? number : 0;
}

std::optional<Alert> alert_numbered(const Context& context, int64_t number) {
    return number > 0 ? find_alert(*context.store.read(), static_cast<uint64_t>(number)) : std::nullopt;
}

void patch(Context& context, const http::Request& request, const Caller& caller, const Json& json,
           http::ResponderPtr responder) {
    json::Problems problems;
    json::Object body(json, problems);
    const bool in_path = request.parameters.contains("cbc_message_id");
    const auto in_body = body.optional_integer("cbc_message_id", {.min = 1});
    const int64_t number = in_path ? number_of(request) : in_body.value_or(0);
    if (!in_path && !in_body) body.wrong("cbc_message_id", "is missing");
    if (in_body && *in_body != number) body.wrong("cbc_message_id", "is not the one in the path");
    const DraftEdit edit = read_crm_edit(body, *context.terms->reference);
    const auto code = body.optional_string("totp", {.max = 16});
    want_code(body, caller, code);
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    const auto alert = alert_numbered(context, number);
    if (!alert) return responder->respond(not_found());
    change(
        context, {"submit", caller, asking_of(context, request, caller, code)},
        [id = alert->id, edit](store::Transaction& txn, const Terms& terms, const Asking& asking) {
            return edit_and_submit(txn, terms, asking, id, edit);
        },
        200, std::move(responder));
}

// What waits is discarded; what may be on the air is stopped, with the reason and the code that this needs.
void remove(Context& context, const http::Request& request, const Caller& caller, const Json& json,
            http::ResponderPtr responder) {
    json::Problems problems;
    json::Object body(json, problems);
    const auto code = body.optional_string("totp", {.max = 16});
    const std::string reason = body.optional_string("reason", {.max = 1000, .min = 0}).value_or("");
    const auto alert = alert_numbered(context, number_of(request));
    if (!alert) return responder->respond(not_found());
    const bool live = is_live(status_at(*alert, context.now()));
    if (live) want_code(body, caller, code);
    body.no_others();
    if (!problems.empty()) return responder->respond(to_response(problems));
    AlertChange wish = [id = alert->id, reason, live](store::Transaction& txn, const Terms& terms,
                                                      const Asking& asking) {
        return live ? stop_alert(txn, terms, asking, id, reason) : discard_alert(txn, terms, asking, id);
    };
    change(context, {live ? "stop" : "discard", caller, asking_of(context, request, caller, code)},
           std::move(wish), 200, std::move(responder));
}

}  // namespace

void add_crm_routes(http::Router& router, Gate& gate) {
    Context& context = gate.context();
    const auto bound = [&context](auto handler) {
        return [&context, handler](const http::Request& request, const Caller& caller, const Json& body,
                                   http::ResponderPtr responder) {
            handler(context, request, caller, body, std::move(responder));
        };
    };
    router.add(
        gate.machine_read("/crm/cbc/", Permission::kView,
                          [&context](const http::Request&, const Caller&, http::ResponderPtr responder) {
                              list(context, std::move(responder));
                          }));
    router.add(gate.machine_write(Method::kPut, "/crm/cbc/", Permission::kCreate, bound(put)));
    router.add(gate.machine_write(Method::kPatch, "/crm/cbc/", Permission::kCreate, bound(patch)));
    router.add(
        gate.machine_write(Method::kPatch, "/crm/cbc/{cbc_message_id}", Permission::kCreate, bound(patch)));
    // The rules ask for alert.create or alert.stop, whichever it turns out to need.
    router.add(
        gate.machine_write(Method::kDelete, "/crm/cbc/{cbc_message_id}", Permission::kView, bound(remove)));
}

}  // namespace cbe
