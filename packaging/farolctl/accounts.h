// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The demo's officers, as the demo's cbed told them once: kept in a file that only its owner reads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/totp.h"
#include "common/base/result.h"

namespace ctl {

struct Account {
    std::string username;
    std::string name;
    std::string password;
    std::string totp_secret;       // base 32
    auth::TotpStep last_step = 0;  // a code is taken once: what we used last
};

class Accounts {
 public:
    // From the answer of POST /control/demo/seed, or from the file that save() wrote.
    static base::Result<Accounts> parse(std::string_view json);
    static base::Result<Accounts> load(const std::string& path);
    // Appears by rename with mode 0600.
    base::Result<void> save(const std::string& path) const;

    base::Result<Account*> find(std::string_view username);
    const std::vector<Account>& all() const { return list_; }
    std::string text() const;  // for people

 private:
    std::vector<Account> list_;
};

// The step whose code to use: after the last one used, and one that is accepted now or will be soon. Codes
// are accepted one step early and one late.
struct NextStep {
    auth::TotpStep step;
    int64_t wait_s;  // until it is accepted
};
NextStep next_step(auth::TotpStep last_used, base::Instant now);

}  // namespace ctl
