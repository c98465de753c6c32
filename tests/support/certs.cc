// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/certs.h"

#include "tests/support/test.h"

namespace test {
namespace {

tls::Authority make_authority(const std::string& name) {
    auto made = tls::Authority::create(name, base::SystemClock().now());
    CHECK_OK(made);
    return std::move(*made);
}

}  // namespace

Certs::Certs(const std::string& authority_name)
    : authority_(make_authority(authority_name)), authority_path_(directory_ / "ca.pem") {
    const auto pair = authority_.pair();
    CHECK_OK(pair);
    CHECK_OK(pair->save(authority_path_, directory_ / "ca.key"));
}

tls::Files Certs::files(const std::string& role, const std::string& node, std::chrono::days lifetime) {
    return files_as("farol://test/" + role + "/" + node, lifetime);
}

tls::Files Certs::files_as(const std::string& uri, std::chrono::days lifetime) {
    auto identity = tls::Identity::parse(uri);
    CHECK_OK(identity);
    const auto pair = authority_.issue({*identity, {"localhost"}, {"127.0.0.1", "::1"}, lifetime},
                                       base::SystemClock().now());
    CHECK_OK(pair);
    const std::string stem =
        directory_ / (identity->role + "-" + identity->node + "-" + std::to_string(++issued_));
    CHECK_OK(pair->save(stem + ".pem", stem + ".key"));
    return {stem + ".pem", stem + ".key", {authority_path_}};
}

}  // namespace test
