// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_caller.h"

#include <charconv>
#include <optional>

namespace cbc {
namespace {

constexpr int kRedirectionsMost = 3;
constexpr size_t kAnswerOctetsMost = 4 * 1024 * 1024;

std::string_view scheme_of(std::string_view url) { return url.substr(0, url.find("://")); }

// In seconds; as a date it is not looked at.
std::optional<std::chrono::seconds> retry_after(const http::Response& response) {
    const std::string text = field_of(response, "retry-after");
    uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return std::chrono::seconds{seconds};
}

}  // namespace

std::string field_of(const http::Response& response, std::string_view name) {
    for (const auto& [field, value] : response.headers)
        if (field == name) return value;
    return {};
}

struct N50Caller::Call {
    http::ClientRequest request;
    OnAnswer on_answer;
    int redirections = 0;
    bool token_renewed = false;
    bool waited = false;
    loop::HandlePtr wait;
};

N50Caller::N50Caller(Parts parts, Tuning tuning) : parts_(std::move(parts)), tuning_(tuning) {}
N50Caller::~N50Caller() = default;

void N50Caller::ask(http::Method method, std::string url, std::string content_type, std::string body,
                    OnAnswer on_answer) {
    const auto call = std::make_shared<Call>();
    http::ClientRequest& request = call->request;
    request.method = method;
    request.url = std::move(url);
    request.version = http::Version::kHttp2;
    request.plain = http::PlainHttp::kAnywhere;
    request.body = std::move(body);
    request.timeout = tuning_.timeout;
    request.response_limit = kAnswerOctetsMost;
    request.headers = {{"accept", "application/json, application/problem+json"},
                       {"user-agent", parts_.user_agent}};
    if (!content_type.empty()) request.headers.emplace_back("content-type", std::move(content_type));
    call->on_answer = std::move(on_answer);
    send(call);
}

void N50Caller::send(const std::shared_ptr<Call>& call) {
    if (parts_.tokens == nullptr) return put(call, {});
    parts_.tokens->get([this, call, alive = std::weak_ptr(alive_)](base::Result<std::string> token) {
        if (alive.expired()) return;
        if (!token) return call->on_answer(token.error());
        put(call, *token);
    });
}

void N50Caller::put(const std::shared_ptr<Call>& call, const std::string& token) {
    http::ClientRequest request = call->request;
    if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
    parts_.call(std::move(request),
                [this, call, alive = std::weak_ptr(alive_)](base::Result<http::Response> answer) {
                    if (!alive.expired()) answered(call, std::move(answer));
                });
}

void N50Caller::answered(const std::shared_ptr<Call>& call, base::Result<http::Response> answer) {
    if (answer && goes_on(call, *answer)) return;
    call->on_answer(std::move(answer));
}

bool N50Caller::goes_on(const std::shared_ptr<Call>& call, const http::Response& response) {
    const int status = response.status;
    if (status == 307 || status == 308) {
        const std::string where = field_of(response, "location");
        // Not to another scheme: what was asked with TLS is not asked without.
        if (scheme_of(where) != scheme_of(call->request.url) || ++call->redirections > kRedirectionsMost)
            return false;
        call->request.url = where;
        send(call);
        return true;
    }
    if (status == 401 && parts_.tokens != nullptr && !std::exchange(call->token_renewed, true)) {
        parts_.tokens->forget();
        send(call);
        return true;
    }
    if (status != 429 && status != 503) return false;
    const auto wait = retry_after(response);
    if (!wait || *wait > tuning_.longest_wait || std::exchange(call->waited, true)) return false;
    waiting_.insert(call);
    call->wait = parts_.timers.after(*wait, [this, weak = std::weak_ptr(call)] {
        const auto self = weak.lock();
        waiting_.erase(self);
        send(self);
    });
    return true;
}

}  // namespace cbc
