// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/tls/authority.h"

#include <sys/stat.h>

#include "tests/support/certs.h"
#include "tests/support/test.h"

namespace {

const base::Instant kNow{std::chrono::seconds{1'790'000'000}};

tls::Authority make() {
    auto authority = tls::Authority::create("Farol demo authority", kNow);
    CHECK_OK(authority);
    return std::move(*authority);
}

tls::Leaf leaf(const std::string& uri) {
    return {*tls::Identity::parse(uri), {"localhost"}, {"127.0.0.1", "::1"}, std::chrono::days{90}};
}

void a_leaf_carries_its_names_and_its_end() {
    const test::TempDir dir;
    const auto pair = make().issue(leaf("farol://demo/cbc/a"), kNow);
    CHECK_OK(pair);
    CHECK_OK(pair->save(dir / "a.pem", dir / "a.key"));
    const auto info = tls::read_certificate(dir / "a.pem");
    CHECK_OK(info);
    CHECK_EQ(info->subject, "CN=cbc-a");
    CHECK_EQ(info->issuer, "CN=Farol demo authority");
    CHECK_EQ(info->uris.at(0), "farol://demo/cbc/a");
    CHECK_EQ(info->dns_names.at(0), "localhost");
    CHECK_EQ(info->addresses.at(0), "127.0.0.1");
    CHECK_EQ(info->addresses.at(1), "::1");
    CHECK(info->not_after == kNow + std::chrono::days{90});
    CHECK(info->not_before < kNow);
    CHECK(!info->authority);
}

void keys_are_for_their_owner_alone() {
    const test::TempDir dir;
    const auto pair = make().issue(leaf("farol://demo/cbc/a"), kNow);
    CHECK_OK(pair);
    CHECK_OK(pair->save(dir / "a.pem", dir / "a.key"));
    struct stat status {};
    CHECK_EQ(::stat((dir / "a.key").c_str(), &status), 0);
    CHECK_EQ(status.st_mode & 0777U, 0600U);
    CHECK_OK(tls::check({dir / "a.pem", dir / "a.key", {}}));
}

void an_authority_is_kept_and_opened_again() {
    const test::TempDir dir;
    const auto made = make().pair();
    CHECK_OK(made);
    CHECK_OK(made->save(dir / "ca.pem", dir / "ca.key"));
    CHECK(tls::read_certificate(dir / "ca.pem")->authority);
    const auto opened = tls::Authority::open(dir / "ca.pem", dir / "ca.key");
    CHECK_OK(opened);
    CHECK_OK(opened->issue(leaf("farol://demo/cbe/a"), kNow));
}

void a_leaf_or_a_foreign_key_is_no_authority() {
    const test::TempDir dir;
    const auto authority = make();
    CHECK_OK(authority.pair()->save(dir / "ca.pem", dir / "ca.key"));
    CHECK_OK(authority.issue(leaf("farol://demo/cbc/a"), kNow)->save(dir / "a.pem", dir / "a.key"));
    CHECK(!tls::Authority::open(dir / "a.pem", dir / "a.key"));
    CHECK(!tls::Authority::open(dir / "ca.pem", dir / "a.key"));
    CHECK(!tls::Authority::open(dir / "ca.key", dir / "ca.key"));
    CHECK(!tls::Authority::open(dir / "none.pem", dir / "ca.key"));
}

void renewing_keeps_the_names_and_makes_a_new_key() {
    const test::TempDir dir;
    const auto authority = make();
    const auto before = authority.issue(leaf("farol://demo/cbc/a"), kNow);
    CHECK_OK(before->save(dir / "a.pem", dir / "a.key"));
    const auto old = *tls::read_certificate(dir / "a.pem");
    const auto after = authority.renew(old, kNow + std::chrono::days{60});
    CHECK_OK(after);
    CHECK(after->key != before->key);
    CHECK_OK(after->save(dir / "a.pem", dir / "a.key"));
    const auto renewed = *tls::read_certificate(dir / "a.pem");
    CHECK(renewed.uris == old.uris);
    CHECK(renewed.dns_names == old.dns_names);
    CHECK(renewed.addresses == old.addresses);
    CHECK(renewed.serial != old.serial);
    CHECK(renewed.not_after == kNow + std::chrono::days{150});
}

void names_with_a_meaning_to_openssl_are_refused() {
    const auto authority = make();
    for (const std::string name : {"a,DNS:b", "", "a b", "otherName:x", "dirName:y"}) {
        auto wrong = leaf("farol://demo/cbc/a");
        wrong.dns_names = {name};
        CHECK(!authority.issue(wrong, kNow));
    }
    auto wrong = leaf("farol://demo/cbc/a");
    wrong.addresses = {"127.0.0.1.5"};
    CHECK(!authority.issue(wrong, kNow));
    wrong = leaf("farol://demo/cbc/a");
    wrong.identity.uri = "farol://demo/cbc/a,DNS:evil";
    CHECK(!authority.issue(wrong, kNow));
}

}  // namespace

GROUP(authority, CASE(a_leaf_carries_its_names_and_its_end), CASE(keys_are_for_their_owner_alone),
      CASE(an_authority_is_kept_and_opened_again), CASE(a_leaf_or_a_foreign_key_is_no_authority),
      CASE(renewing_keeps_the_names_and_makes_a_new_key), CASE(names_with_a_meaning_to_openssl_are_refused))
