// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A site's own certificate authority: what `farolctl cert` and `make run` use. ECDSA P-256 throughout.
//
// An authority signs leaves only (path length 0). A leaf serves and calls (serverAuth and clientAuth) and
// carries one farol:// URI beside the DNS names and addresses under which it is reached. Internal leaves live
// 90 days and are renewed while daemons run (SIGHUP).
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/time/clock.h"
#include "common/tls/context.h"

namespace tls {

// What a certificate says, for `farolctl cert show` and for alarms about its end.
struct CertificateInfo {
    std::string subject;  // "CN=cbc-a"
    std::string issuer;
    std::string serial;  // hexadecimal
    std::vector<std::string> uris;
    std::vector<std::string> dns_names;
    std::vector<std::string> addresses;
    base::Instant not_before;
    base::Instant not_after;
    bool authority = false;
};
// The first certificate of a PEM file.
base::Result<CertificateInfo> read_certificate(const std::string& path);

struct Leaf {
    Identity identity;
    std::vector<std::string> dns_names;
    std::vector<std::string> addresses;
    std::chrono::days lifetime{90};
};

// A certificate and its key as PEM.
struct Pair {
    std::string certificate;
    std::string key;
    // Both files appear by rename, the key with mode 0600; what was there is replaced.
    base::Result<void> save(const std::string& certificate_path, const std::string& key_path) const;
};

class Authority {
 public:
    static base::Result<Authority> create(const std::string& name, base::Instant now,
                                          std::chrono::days lifetime = std::chrono::days{3650});
    static base::Result<Authority> open(const std::string& certificate_path, const std::string& key_path);
    Authority(Authority&&) noexcept;
    Authority& operator=(Authority&&) noexcept;
    ~Authority();

    base::Result<Pair> pair() const;
    base::Result<Pair> issue(const Leaf& leaf, base::Instant now) const;
    // A new key and certificate with the names of an old one.
    base::Result<Pair> renew(const CertificateInfo& old, base::Instant now,
                             std::chrono::days lifetime = std::chrono::days{90}) const;

 private:
    struct State;
    explicit Authority(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace tls
