// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One demo officer at cbed's public interface, signing in with password and code as a browser does.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "packaging/farolctl/accounts.h"
#include "packaging/farolctl/answer.h"
#include "packaging/farolctl/caller.h"

namespace ctl {

class Officer {
 public:
    // `caller` and `account` outlive it. `url`: https://localhost:8443
    Officer(Caller& caller, std::string url, Account& account)
        : caller_(caller), url_(std::move(url)), account_(account) {}

    // Waits for a new code where it must; a code is accepted only once.
    base::Result<http::Response> sign_in();
    base::Result<http::Response> get(const std::string& path);
    // Each post carries an Idempotency-Key of its own.
    base::Result<http::Response> post(const std::string& path, const nlohmann::json& body);
    // The same with a fresh code as member `totp`.
    base::Result<http::Response> decide(const std::string& path, nlohmann::json body);
    base::Result<http::Response> sign_out();

 private:
    base::Result<http::Response> send(http::Method method, const std::string& path, const std::string& body);
    base::Result<std::string> fresh_code();

    Caller& caller_;
    std::string url_;
    Account& account_;
    std::string cookie_;
    std::string csrf_;
};

}  // namespace ctl
