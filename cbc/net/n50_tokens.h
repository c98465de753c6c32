// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The access token for AMFs, from the NRF: asked for once for all links, kept, and renewed before it ends.
// OAuth 2.0 client credentials, TS 33.501 §13.4.1, TS 29.510 §6.3; RFC 6749 §4.4.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/http/client.h"
#include "common/log/log.h"
#include "common/time/clock.h"

namespace cbc {

class N50Tokens {
 public:
    using Call = std::function<void(http::ClientRequest, http::Client::OnResponse)>;
    struct Parts {
        const base::Clock& clock;  // outlives the tokens
        Call call;
        std::string nrf;    // "https://nrf.5gc:443"
        std::string nf_id;  // ours
        std::chrono::milliseconds timeout{5'000};
    };
    N50Tokens(Parts parts, logs::Log log);

    // At once when there is a good one.
    using OnToken = std::function<void(base::Result<std::string>)>;
    void get(OnToken on_token);
    // An AMF does not take it: the next get() asks for another.
    void forget() { token_.reset(); }

 private:
    struct Token {
        std::string value;
        base::Ticks renew_at;
    };
    void ask();
    void answered(base::Result<http::Response> answer);
    void tell(const base::Result<std::string>& result);

    Parts parts_;
    logs::Log log_;
    std::optional<Token> token_;
    std::vector<OnToken> waiting_;
    std::shared_ptr<const char> alive_ = std::make_shared<const char>('\0');
};

}  // namespace cbc
