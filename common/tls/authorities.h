// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which role and which site each authority may name: without it, whoever signs for one officer's system could
// sign himself an administrator, and one government another's office. For common/tls alone.
#pragma once

#include <string_view>
#include <vector>

#include "common/tls/context.h"
#include "common/tls/openssl.h"

namespace tls {

class Authorities {
 public:
    // Reads every bundle. An authority without a list of roles must be our own: it signed `own_certificate`.
    // No authority may stand in two bundles.
    static base::Result<Authorities> read(const std::vector<Trust>& trusted,
                                          const std::string& own_certificate);

    // `chain` is verified, leaf first. Its root must be one of ours, and each of ours in it must be allowed
    // to name its role and its site.
    base::Result<void> may_name(const STACK_OF(X509) * chain, const Identity& identity) const;

 private:
    struct Authority {
        X509Ptr certificate;
        std::vector<std::string> roles;  // empty: every one
        std::vector<std::string> sites;  // empty: every one
    };
    base::Result<void> add(const Trust& trust, const std::string& own_certificate);
    const Authority* find(const X509* certificate) const;

    std::vector<Authority> all_;
};

// Kept beside a server's context, which owns them from then on.
base::Result<void> attach(SSL_CTX* context, Authorities authorities);
// Null for a client's context.
const Authorities* authorities_of(const SSL_CTX* context);

}  // namespace tls
