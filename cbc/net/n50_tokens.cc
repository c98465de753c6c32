// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_tokens.h"

#include "cbc/wire/nnrf_json.h"

namespace cbc {
namespace {

constexpr std::string_view kScopes = "namf-comm namf-comm:non-ue-n2-messages";
constexpr size_t kAnswerOctetsMost = 64 * 1024;

}  // namespace

N50Tokens::N50Tokens(Parts parts, logs::Log log) : parts_(std::move(parts)), log_(std::move(log)) {}

void N50Tokens::get(OnToken on_token) {
    if (token_ && parts_.clock.ticks() < token_->renew_at) return on_token(token_->value);
    waiting_.push_back(std::move(on_token));
    if (waiting_.size() == 1) ask();
}

void N50Tokens::ask() {
    http::ClientRequest request;
    request.method = http::Method::kPost;
    request.url = parts_.nrf + "/oauth2/token";
    request.version = http::Version::kHttp2;
    request.plain = http::PlainHttp::kAnywhere;
    request.timeout = parts_.timeout;
    request.response_limit = kAnswerOctetsMost;
    request.headers = {{"content-type", "application/x-www-form-urlencoded"}, {"accept", "application/json"}};
    request.body = "grant_type=client_credentials&nfInstanceId=" + nnrf::form_value(parts_.nf_id) +
                   "&nfType=CBCF&targetNfType=AMF&scope=" + nnrf::form_value(kScopes);
    parts_.call(std::move(request),
                [this, alive = std::weak_ptr(alive_)](base::Result<http::Response> answer) {
                    if (!alive.expired()) answered(std::move(answer));
                });
}

void N50Tokens::answered(base::Result<http::Response> answer) {
    if (!answer) return tell(answer.error().within("access token"));
    if (answer->status != 200)
        return tell(base::Error{base::ErrorKind::kUnavailable, "access token: the NRF answered with status " +
                                                                   std::to_string(answer->status)});
    auto token = nnrf::read_token(answer->body);
    if (!token)
        return tell(base::Error{base::ErrorKind::kUnavailable, "access token: " + token.error().text});
    // Renewed when nine tenths of its time are over: a call takes time as well.
    const std::chrono::milliseconds valid = token->valid;
    token_ = Token{std::move(token->value), parts_.clock.ticks() + valid * 9 / 10};
    tell(token_->value);
}

void N50Tokens::tell(const base::Result<std::string>& result) {
    if (!result) log_.warning("n50.token.failed", {{"reason", result.error().text}});
    for (const OnToken& one : std::exchange(waiting_, {})) one(result);
}

}  // namespace cbc
