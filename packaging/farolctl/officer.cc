// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/officer.h"

#include <nlohmann/json.hpp>
#include <thread>

#include "common/base/uuid.h"
#include "common/json/parse.h"

namespace ctl {

namespace {

constexpr int kOk = 200;
constexpr const char* kSession = "/api/v1/session";

std::string member(const std::string& body, const char* name) {
    const auto parsed = json::parse(body);
    if (!parsed || !parsed->is_object()) return "";
    const auto found = parsed->find(name);
    return found != parsed->end() && found->is_string() ? found->get<std::string>() : "";
}

// "name=value" of the first cookie that is set.
std::string cookie_of(const http::Response& response) {
    for (const auto& [name, value] : response.headers)
        if (name == "set-cookie") return value.substr(0, value.find(';'));
    return "";
}

uint64_t unix_ms(base::Instant now) {
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
}

}  // namespace

base::Result<std::string> Officer::fresh_code() {
    const auto secret = auth::from_base32(account_.totp_secret);
    if (!secret) return secret.error();
    const NextStep next = next_step(account_.last_step, base::SystemClock{}.now());
    std::this_thread::sleep_for(std::chrono::seconds{next.wait_s});
    account_.last_step = next.step;
    return auth::totp_code(*secret, next.step);
}

base::Result<http::Response> Officer::send(http::Method method, const std::string& path,
                                           const std::string& body) {
    http::ClientRequest request;
    request.method = method;
    request.url = url_ + path;
    request.body = body;
    if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
    if (!cookie_.empty()) request.headers.emplace_back("cookie", cookie_);
    if (!csrf_.empty()) request.headers.emplace_back("x-csrf-token", csrf_);
    if (method == http::Method::kPost)
        request.headers.emplace_back("idempotency-key",
                                     base::new_uuid(unix_ms(base::SystemClock{}.now())).text());
    request.timeout = std::chrono::seconds{20};
    return caller_.call(std::move(request));
}

base::Result<http::Response> Officer::sign_in() {
    const nlohmann::json first{{"username", account_.username}, {"password", account_.password}};
    const auto challenged = send(http::Method::kPost, kSession, first.dump());
    if (!challenged || challenged->status != kOk) return challenged;
    const auto code = fresh_code();
    if (!code) return code.error();
    const nlohmann::json second{{"challenge", member(challenged->body, "challenge")}, {"totp", *code}};
    auto session = send(http::Method::kPost, kSession, second.dump());
    if (!session || session->status != kOk) return session;
    cookie_ = cookie_of(*session);
    csrf_ = member(session->body, "csrf_token");
    return session;
}

base::Result<http::Response> Officer::get(const std::string& path) {
    return send(http::Method::kGet, path, {});
}

base::Result<http::Response> Officer::post(const std::string& path, const nlohmann::json& body) {
    return send(http::Method::kPost, path, body.dump());
}

base::Result<http::Response> Officer::decide(const std::string& path, nlohmann::json body) {
    const auto code = fresh_code();
    if (!code) return code.error();
    body["totp"] = *code;
    return post(path, body);
}

base::Result<http::Response> Officer::sign_out() { return send(http::Method::kDelete, kSession, {}); }

}  // namespace ctl
