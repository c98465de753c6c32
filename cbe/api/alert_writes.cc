// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/alert_writes.h"

#include "cbe/api/alert_body.h"
#include "cbe/api/alert_view.h"
#include "cbe/api/problems.h"
#include "cbe/store/alert_followups.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

using Json = nlohmann::json;
using http::Method;

// One write to alerts: what the body says, and the change it stands for.
struct Wish {
    std::optional<std::string> code;
    AlertChange change;
};
// Reads the body; its mistakes are `body`'s problems.
struct Ids {
    AlertId named;  // in the path
    AlertId fresh;  // for an alert that begins here
};
using ReadWish = std::function<Wish(const Ids&, json::Object& body)>;

struct WriteRoute {
    Method method;
    std::string pattern;
    std::string action;
    Permission permission;
    int status;
    ReadWish read;
};

AlertId new_id(const Context& context) {
    return base::new_uuid(static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(context.now().time_since_epoch()).count()));
}

void add_write(http::Router& router, Gate& gate, const WriteRoute& route) {
    router.add(gate.write(
        route.method, route.pattern, route.permission,
        [&context = gate.context(), route](const http::Request& request, const Caller& caller,
                                           const Json& json, http::ResponderPtr responder) {
            if (!idempotency_key(request)) return responder->respond(idempotency_key_wanted());
            Ids ids{{}, new_id(context)};
            if (request.parameters.contains("id")) {
                const auto given = base::Uuid::parse(request.parameter("id"));
                if (!given) return responder->respond(no_such_alert());
                ids.named = *given;
            }
            json::Problems problems;
            json::Object body(json, problems);
            Wish wish = route.read(ids, body);
            body.no_others();
            if (!problems.empty()) return responder->respond(to_response(problems));
            run_change(context, {route.action, caller, asking_of(context, request, caller, wish.code)},
                       std::move(wish.change), std::move(responder),
                       [&context, caller, status = route.status](const Alert& alert) {
                           return alert_response(status, alert, caller.person, context);
                       });
        }));
}

std::string code_of(json::Object& body) { return body.string("totp", {.max = 16}); }

Wish wish_to_create(const Ids& ids, json::Object& body) {
    return {{},
            [id = ids.fresh, edit = read_edit(body)](store::Transaction& txn, const Terms& terms,
                                                     const Asking& asking) {
                return create_alert(txn, terms, asking, id, edit);
            }};
}

uint32_t version_of(json::Object& body) {
    return static_cast<uint32_t>(body.integer("version", {.min = 1, .max = UINT32_MAX}));
}

Wish wish_to_save(const Ids& ids, json::Object& body) {
    const uint32_t version = version_of(body);
    return {{},
            [id = ids.named, version, edit = read_edit(body)](store::Transaction& txn, const Terms& terms,
                                                              const Asking& asking) {
                return save_alert(txn, terms, asking, id, version, edit);
            }};
}

Wish wish_to_submit(const Ids& ids, json::Object& body) {
    const uint32_t version = version_of(body);
    return {code_of(body),
            [id = ids.named, version](store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return submit_alert(txn, terms, asking, id, version);
            }};
}

Wish wish_to_approve(const Ids& ids, json::Object& body) {
    return {code_of(body), [id = ids.named, digest = body.string("digest", {.max = 64})](
                               store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return approve_alert(txn, terms, asking, id, digest);
            }};
}

Wish wish_to_return(const Ids& ids, json::Object& body) {
    return {{},
            [id = ids.named, reason = body.string("reason", {.max = 1000})](
                store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return return_alert(txn, terms, asking, id, reason);
            }};
}

Wish wish_to_reject(const Ids& ids, json::Object& body) {
    return {{},
            [id = ids.named, reason = body.string("reason", {.max = 1000})](
                store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return reject_alert(txn, terms, asking, id, reason);
            }};
}

Wish wish_to_withdraw(const Ids& ids, json::Object&) {
    return {{}, [id = ids.named](store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return withdraw_alert(txn, terms, asking, id);
            }};
}

Wish wish_to_stop(const Ids& ids, json::Object& body) {
    return {code_of(body), [id = ids.named, reason = body.string("reason", {.max = 1000})](
                               store::Transaction& txn, const Terms& terms, const Asking& asking) {
                return stop_alert(txn, terms, asking, id, reason);
            }};
}

// A route whose body is empty: the alert of the path, and maybe a new one.
template <class Change>
ReadWish wish_without_body(Change change) {
    return [change](const Ids& ids, json::Object&) -> Wish {
        return {{}, [ids, change](store::Transaction& txn, const Terms& terms, const Asking& asking) {
                    return change(txn, terms, asking, ids);
                }};
    };
}

ReadWish wish_to_follow_up(RelationKind kind) {
    return wish_without_body(
        [kind](store::Transaction& txn, const Terms& terms, const Asking& asking, const Ids& ids) {
            return follow_up(txn, terms, asking, {kind, ids.named}, ids.fresh);
        });
}

ReadWish wish_to_update() {
    return wish_without_body(
        [](store::Transaction& txn, const Terms& terms, const Asking& asking, const Ids& ids) {
            return update_alert(txn, terms, asking, ids.named, ids.fresh);
        });
}

ReadWish wish_to_copy() {
    return wish_without_body(
        [](store::Transaction& txn, const Terms& terms, const Asking& asking, const Ids& ids) {
            return copy_alert(txn, terms, asking, ids.named, ids.fresh);
        });
}

ReadWish wish_to_discard() {
    return wish_without_body([](store::Transaction& txn, const Terms& terms, const Asking& asking,
                                const Ids& ids) { return discard_alert(txn, terms, asking, ids.named); });
}

ReadWish wish_to_restore() {
    return wish_without_body([](store::Transaction& txn, const Terms& terms, const Asking& asking,
                                const Ids& ids) { return restore_alert(txn, terms, asking, ids.named); });
}

ReadWish wish_to_stop_again() {
    return wish_without_body([](store::Transaction& txn, const Terms& terms, const Asking& asking,
                                const Ids& ids) { return stop_again(txn, terms, asking, ids.named); });
}

}  // namespace

http::Response no_such_alert() {
    return to_response(Refusal{
        RefusalCode::kNotFound, "There is no such alert. Reload the list; the link may be an old one.", {}});
}

http::Response alert_response(int status, const Alert& alert, const Person& viewer, const Context& context) {
    return http::Response::json(status, json::dump(view_of(alert, viewer, *context.store.read(), context)))
        .with_header("Cache-Control", "no-store");
}

void add_alert_writes(http::Router& router, Gate& gate) {
    const std::string one = "/api/v1/alerts/{id}";
    for (const WriteRoute& route : {
             WriteRoute{Method::kPost, "/api/v1/alerts", "create", Permission::kCreate, 201, wish_to_create},
             WriteRoute{Method::kPatch, one, "save", Permission::kCreate, 200, wish_to_save},
             WriteRoute{Method::kPost, one + "/submit", "submit", Permission::kCreate, 200, wish_to_submit},
             WriteRoute{Method::kPost, one + "/approve", "approve", Permission::kApprove, 200,
                        wish_to_approve},
             WriteRoute{Method::kPost, one + "/return", "return", Permission::kApprove, 200, wish_to_return},
             WriteRoute{Method::kPost, one + "/reject", "reject", Permission::kApprove, 200, wish_to_reject},
             WriteRoute{Method::kPost, one + "/withdraw", "withdraw", Permission::kCreate, 200,
                        wish_to_withdraw},
             WriteRoute{Method::kPost, one + "/stop", "stop", Permission::kStop, 200, wish_to_stop},
             WriteRoute{Method::kPost, one + "/stop-again", "stop-again", Permission::kStop, 200,
                        wish_to_stop_again()},
             WriteRoute{Method::kPost, one + "/discard", "discard", Permission::kCreate, 200,
                        wish_to_discard()},
             WriteRoute{Method::kPost, one + "/restore", "restore", Permission::kCreate, 200,
                        wish_to_restore()},
             WriteRoute{Method::kPost, one + "/update", "update", Permission::kCreate, 201, wish_to_update()},
             WriteRoute{Method::kPost, one + "/copy", "copy", Permission::kCreate, 201, wish_to_copy()},
             WriteRoute{Method::kPost, one + "/all-clear", "all-clear", Permission::kCreate, 201,
                        wish_to_follow_up(RelationKind::kAllClear)},
             WriteRoute{Method::kPost, one + "/false-alarm", "false-alarm", Permission::kCreate, 201,
                        wish_to_follow_up(RelationKind::kFalseAlarm)},
         })
        add_write(router, gate, route);
}

}  // namespace cbe
