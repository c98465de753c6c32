// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/caller.h"

namespace ctl {

base::Result<Caller> Caller::create(const std::string& trusted) {
    auto loop = loop::Loop::create();
    if (!loop) return loop.error();
    std::optional<tls::Files> files;
    if (!trusted.empty()) files = tls::Files{.certificate = {}, .key = {}, .trusted = {trusted}};
    auto client = std::make_unique<http::Client>(**loop, files);
    return Caller(std::move(*loop), std::move(client));
}

base::Result<http::Response> Caller::call(http::ClientRequest request) {
    std::optional<base::Result<http::Response>> answer;
    client_->call(std::move(request), [&](base::Result<http::Response> response) {
        answer = std::move(response);
        loop_->stop();
    });
    if (!answer) loop_->run();
    if (!answer) return base::Error{base::ErrorKind::kUnavailable, "the call ended without an answer"};
    return std::move(*answer);
}

base::Result<http::Response> Caller::control(const std::string& socket, http::Method method,
                                             const std::string& path, const std::string& body,
                                             std::chrono::milliseconds patience) {
    http::ClientRequest request;
    request.timeout = patience;
    request.method = method;
    request.url = "http://localhost" + path;
    request.unix_socket = socket;
    request.body = body;
    if (!body.empty()) request.headers.emplace_back("content-type", "application/json");
    auto response = call(std::move(request));
    if (!response && response.error().kind == base::ErrorKind::kUnavailable)
        return base::Error{base::ErrorKind::kUnavailable, "nobody answers on " + socket};
    return response;
}

}  // namespace ctl
