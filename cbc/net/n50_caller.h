// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Calls to one network function of the 5G core: with a token, along redirections, and once more after the
// wait that it asks for. TS 29.500 §6.10, §6.4; RFC 9110 §10.2.3.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "cbc/net/n50_tokens.h"
#include "common/http/client.h"
#include "common/loop/loop.h"

namespace cbc {

// What carries a call: http::Client, or a script in tests. It answers later, once.
using HttpCall = std::function<void(http::ClientRequest, http::Client::OnResponse)>;

class N50Caller {
 public:
    struct Parts {  // all outlive the caller; no tokens: none are sent
        loop::Timers& timers;
        HttpCall call;
        N50Tokens* tokens = nullptr;
        std::string user_agent;
    };
    struct Tuning {
        std::chrono::milliseconds timeout{9'000};
        std::chrono::milliseconds longest_wait{3'000};  // that we grant to Retry-After
    };
    N50Caller(Parts parts, Tuning tuning);
    ~N50Caller();  // calls under way are dropped without their answer

    // The answer is the last one: after at most three redirections (307, 308), one new token (401) and one
    // wait (429, 503).
    using OnAnswer = http::Client::OnResponse;
    void ask(http::Method method, std::string url, std::string content_type, std::string body,
             OnAnswer on_answer);

 private:
    struct Call;
    void send(const std::shared_ptr<Call>& call);
    void put(const std::shared_ptr<Call>& call, const std::string& token);
    void answered(const std::shared_ptr<Call>& call, base::Result<http::Response> answer);
    bool goes_on(const std::shared_ptr<Call>& call, const http::Response& response);

    Parts parts_;
    Tuning tuning_;
    std::set<std::shared_ptr<Call>> waiting_;  // for their time; each holds its own timer
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
};

// The value of a response's field; empty when there is none. `name` in lower case.
std::string field_of(const http::Response& response, std::string_view name);

}  // namespace cbc
