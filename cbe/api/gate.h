// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands before every handler: who asks, with which right, and that the request is his own (CSRF). The
// routes' permissions are given here, once, and are what the route table shows.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "cbe/api/context.h"
#include "cbe/api/sessions.h"
#include "common/http/router.h"

namespace cbe {

// Somebody with the right to be here: an officer with a session, or a machine with a certificate.
struct Caller {
    Person person;
    ActorKind kind = ActorKind::kOfficer;
    std::string token;   // of an officer's session
    UserId holder = {};  // who answers for the API key; what it writes is his, too
};

class Gate {
 public:
    Gate(Context& context, Sessions& sessions) : context_(context), sessions_(sessions) {}

    using Read = std::function<void(const http::Request&, const Caller&, http::ResponderPtr)>;
    using Write = std::function<void(const http::Request&, const Caller&, const nlohmann::json& body,
                                     http::ResponderPtr)>;

    // Officers; for reading also API keys that carry the permission. `permission`: none is needed beyond a
    // session when it is empty.
    http::Route read(std::string pattern, std::optional<Permission> permission, Read handler);
    http::Route write(http::Method method, std::string pattern, std::optional<Permission> permission,
                      Write handler);
    // One's own session and account: before everything else that one must do, too.
    http::Route account_read(std::string pattern, Read handler);
    http::Route account_write(http::Method method, std::string pattern, Write handler);
    // Officers, machine clients and API keys (/crm/cbc/).
    http::Route machine_read(std::string pattern, Permission permission, Read handler);
    http::Route machine_write(http::Method method, std::string pattern, Permission permission, Write handler);

    Context& context() { return context_; }
    Sessions& sessions() { return sessions_; }

 private:
    enum class Door { kOfficers, kMachinesToo, kAccount };
    std::optional<Caller> machine_of(const http::Request& request) const;
    base::Result<Caller, http::Response> key_caller(const http::Request& request, const std::string& value);
    // The caller, or the refusal that was answered through `responder`.
    std::optional<Caller> admit(const http::Request& request, Door door, std::optional<Permission> permission,
                                http::ResponderPtr& responder);
    http::Route reading(std::string pattern, Door door, std::optional<Permission> permission, Read handler);
    http::Route writing(http::Method method, std::string pattern, Door door,
                        std::optional<Permission> permission, Write handler);

    Context& context_;
    Sessions& sessions_;
    std::map<std::string, base::Instant> keys_used_;  // by key id: when its use was last written down
};

// The body as JSON, or the answer that says what is wrong with it. An empty body is an empty object.
base::Result<nlohmann::json, http::Response> json_body(const http::Request& request);

// The idempotency key; none when the header is missing or malformed.
std::optional<std::string> idempotency_key(const http::Request& request);
http::Response idempotency_key_wanted();

// Where a request comes from, for the audit log.
Origin origin_of(const http::Request& request);

// How one asks: who, when, with which code and key. The code is matched here, judged in the transaction.
Asking asking_of(const Context& context, const http::Request& request, const Caller& caller,
                 const std::optional<std::string>& code);

// Runs the change and answers: what `on_ok` makes of the alert, or why not.
using AlertChange = std::function<Answer(store::Transaction&, const Terms&, const Asking&)>;
struct Asked {
    std::string action;  // "approve", for the records
    Caller caller;
    Asking asking;
};
void run_change(Context& context, Asked asked, AlertChange change, http::ResponderPtr responder,
                std::function<http::Response(const Alert&)> on_ok);

}  // namespace cbe
