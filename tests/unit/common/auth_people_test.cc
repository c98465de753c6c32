// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/people.h"

#include "common/auth/account.h"
#include "common/auth/api_key.h"
#include "common/auth/password.h"
#include "common/auth/qr.h"
#include "common/auth/second_factor.h"
#include "common/auth/sign_in.h"
#include "common/auth/token.h"
#include "common/mail/smtp.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using base::Instant;

const Instant kNow{1'700'000'000s};

auth::User user(const char* name) {
    auth::User made;
    made.id = auth::UserId{std::string("u-") + name};
    made.username = made.name = name;
    return made;
}

void locks_grow_and_a_try_during_one_changes_nothing() {
    const auth::TryLimits limits{.tries = 2, .first_lock = 60s, .longest_lock = 150s};
    auth::TryGuard guard;
    Instant now = kNow;
    for (const auto lock : {60s, 120s, 150s, 150s}) {
        guard = auth::after_wrong(auth::after_wrong(guard, limits, now), limits, now);
        CHECK(guard.locked_until == now + lock);
        CHECK(auth::after_wrong(guard, limits, now + lock - 1s) == guard);
        now = guard.locked_until;
        CHECK(!guard.locked(now));
    }
}

void users_are_read_back_and_their_names_belong_to_one() {
    test::StoreBench bench;
    auth::User ana = user("ana");
    ana.email = "Ana@Example.org";
    ana.identity = "P-1";
    ana.grants = {{"author", {{"flood"}, {"harbour", "town"}}}};
    ana.password.earlier = {"x", "y"};
    ana.second.sealed = std::string("\0\xff", 2);
    ana.second.backup = {"abc"};
    ana.password_tries = {1, 2, kNow};
    CHECK_OK(bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        auth::put_user(txn, ana);
        return {};
    }));
    const auto reader = bench.store().read();
    for (const char* name : {"ana", "ANA", "ana@example.ORG"}) {
        const auto found = auth::find_user_by_name(*reader, name);
        CHECK(found);
        CHECK(auth::encode(*found) == auth::encode(ana));
    }
    CHECK(!auth::find_user_by_name(*reader, "an"));
    ana.username = "anna";
    CHECK_OK(bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        auth::put_user(txn, ana);
        return {};
    }));
    CHECK(!auth::find_user_by_name(*bench.store().read(), "ana"));
    CHECK(auth::find_user_by_name(*bench.store().read(), "anna"));
    CHECK(!auth::decode_user("\x01{}"));
}

void names_and_addresses() {
    for (const char* good : {"ab", "ana.silva_2-x"}) CHECK(auth::is_username(good));
    for (const char* bad : {"", "a", "Ana", "a b", "a@b"}) CHECK(!auth::is_username(bad));
    for (const char* good : {"a@b", "ana.silva+x@example.org"}) CHECK(auth::is_email(good));
    for (const char* bad : {"", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nTo: x", "<a@b>", "a@b,c"})
        CHECK(!auth::is_email(bad));
}

void sessions_are_listed_by_user_and_forgotten_when_they_are_over() {
    test::StoreBench bench;
    const auth::Policy policy;
    const auth::UserId ana{"u-ana"}, bruno{"u-bruno"};
    const auto put = [&](const char* hash, const char* id, const auth::UserId& whose, Instant used) {
        CHECK_OK(bench.commit([&](store::Transaction& txn) -> base::Result<void> {
            auth::put_session(txn, hash, {id, whose, kNow, used, "192.0.2.7:1", "browser"});
            return {};
        }));
    };
    put("h1", "s1", ana, kNow);
    put("h2", "s2", ana, kNow + 20min);
    put("h3", "s3", bruno, kNow);
    const auto count = [&](const auth::UserId& whose, Instant now) {
        return auth::sessions_of(*bench.store().read(), policy, whose, now).size();
    };
    CHECK_EQ(count(ana, kNow + 25min), 2U);
    CHECK_EQ(count(ana, kNow + 40min), 1U);
    CHECK(auth::find_session(*bench.store().read(), policy, "h2", kNow + 40min));
    CHECK(!auth::find_session(*bench.store().read(), policy, "h1", kNow + 40min));
    bench.reopen();  // they outlive the process
    CHECK_EQ(count(ana, kNow + 25min), 2U);
    CHECK_OK(bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        auth::forget_sessions(txn, policy, kNow + 40min, 100);
        CHECK(auth::end_session(txn, ana, "s1") == auth::Ended::kNone);
        CHECK(auth::end_session(txn, bruno, "s2") == auth::Ended::kNone);
        CHECK_EQ(auth::end_sessions(txn, ana, "h2"), 0U);
        CHECK_EQ(auth::end_sessions(txn, ana), 1U);
        return {};
    }));
    CHECK_EQ(count(ana, kNow), 0U);
}

void a_challenge_says_nothing_and_cannot_be_made() {
    const auth::Sealer sealer{auth::Secret::random(32)}, other{auth::Secret::random(32)};
    const auth::Policy policy;
    const auto right = auth::seal(sealer, {auth::UserId{"u-ana"}, auth::Challenge::Password::kRight, kNow});
    const auto nobody = auth::seal(sealer, {auth::UserId{}, auth::Challenge::Password::kWrong, kNow});
    CHECK_EQ(right.size(), nobody.size());
    const auto opened = auth::open_challenge(sealer, right, policy, kNow + 5min - 1s);
    CHECK(opened);
    CHECK_EQ(opened->user.value(), "u-ana");
    CHECK(opened->password == auth::Challenge::Password::kRight);
    CHECK(auth::open_challenge(sealer, nobody, policy, kNow)->user.value().empty());
    CHECK(!auth::open_challenge(sealer, right, policy, kNow + 5min));
    CHECK(!auth::open_challenge(sealer, right, policy, kNow - 1s));
    CHECK(!auth::open_challenge(other, right, policy, kNow));
    for (size_t cut = 0; cut < right.size(); cut += 7)
        CHECK(!auth::open_challenge(sealer, right.substr(0, cut), policy, kNow));
    CHECK(!auth::open_challenge(sealer, std::string(10'000, 'a'), policy, kNow));
}

void passwords_that_do_and_do_not() {
    const auth::Policy policy;
    const auth::User ana = user("ana");
    CHECK(!auth::judge_password(policy, ana, "correct horse battery"));
    CHECK(!auth::judge_password(policy, ana, "éééééééééééé"));  // twelve characters
    for (const char* bad : {"", "short", "ééééé", "ANA's long password", "password1234", "aaaaaaaaaaaaaaaa"})
        CHECK(auth::judge_password(policy, ana, bad));
    CHECK(auth::judge_password(policy, ana, std::string(257, 'x') + "yz"));
    CHECK_EQ(auth::temporary_password().size(), 12U);
}

void backup_codes_are_told_apart_by_user_and_not_by_spelling() {
    const auth::Sealer sealer{auth::Secret::random(32)};
    const auto codes = auth::new_backup_codes();
    CHECK_EQ(codes.size(), 10U);
    CHECK(codes[0] != codes[1]);
    CHECK(auth::looks_like_backup_code(codes[0]));
    CHECK(!auth::looks_like_backup_code("123456"));
    const auth::UserId ana{"u-ana"};
    CHECK_EQ(auth::backup_hash(sealer, ana, "ABCDE-fghjk"), auth::backup_hash(sealer, ana, "abcde fghjk"));
    CHECK(auth::backup_hash(sealer, ana, codes[0]) !=
          auth::backup_hash(sealer, auth::UserId{"u-b"}, codes[0]));
}

void keys_are_good_from_their_networks_until_their_end() {
    const std::vector<std::string> networks{"192.0.2.7", "10.0.0.0/8", "2001:db8::/32"};
    for (const char* in :
         {"192.0.2.7:40112", "192.0.2.7", "10.255.1.1:1", "[2001:db8::7]:443", "2001:db8::1"})
        CHECK(auth::address_in(networks, in));
    for (const char* out : {"192.0.2.8:40112", "11.0.0.1", "[2001:db9::1]:1", "", "name", "10.0.0.0/8"})
        CHECK(!auth::address_in(networks, out));
    CHECK(auth::address_in({}, "anything"));
    for (const char* bad :
         {"", "10.0.0.0/33", "10.0.0/8", "2001:db8::/129", "10.0.0.0/", "a/8", "10.0.0.0/-1"})
        CHECK(!auth::is_network(bad));
    auth::ApiKey key;
    key.expires_at = kNow;
    CHECK(key.status_at(kNow - 1s) == auth::ApiKey::Status::kActive);
    CHECK(key.status_at(kNow) == auth::ApiKey::Status::kExpired);
    key.revoked_at = kNow;
    CHECK(key.status_at(kNow - 1s) == auth::ApiKey::Status::kRevoked);
    const std::string value = auth::new_api_key("cbe");
    CHECK(value.starts_with("farol_cbe_") && value.size() == 74);
    CHECK_EQ(auth::shown_form(value), "farol_cbe_…" + value.substr(71));
}

void a_new_link_ends_the_one_before_and_only_of_its_kind() {
    test::StoreBench bench;
    const auth::UserId ana{"u-ana"};
    CHECK_OK(bench.commit([&](store::Transaction& txn) -> base::Result<void> {
        using For = auth::Link::For;
        auth::put_link(txn, auth::token_hash("first"), {For::kPassword, ana, kNow + 1h});
        auth::put_link(txn, auth::token_hash("invitation"), {For::kInvitation, ana, kNow + 1h});
        auth::put_link(txn, auth::token_hash("second"), {For::kPassword, ana, kNow + 1h});
        return {};
    }));
    const auto reader = bench.store().read();
    CHECK(!auth::find_link(*reader, "first", kNow));
    CHECK(auth::find_link(*reader, "invitation", kNow));
    CHECK(auth::find_link(*reader, "second", kNow + 1h - 1s));
    CHECK(!auth::find_link(*reader, "second", kNow + 1h));
}

void a_qr_code_is_drawn_with_its_quiet_zone() {
    const auto svg = auth::qr_svg("otpauth://totp/Farol:ana?secret=JBSWY3DPEHPK3PXP");
    CHECK_OK(svg);
    CHECK(svg->starts_with("<svg ") && svg->ends_with("</svg>"));
    CHECK(svg->find("M4 4h1v1h-1z") != std::string::npos);  // the first module of the finder
    CHECK(svg->find("M3 ") == std::string::npos);
    CHECK(!auth::qr_svg(std::string(5000, 'x')));
}

void a_letter_cannot_break_out_of_its_head() {
    const std::string message = mail::message_of({"a@b\r\nBcc: x@y", "Olá\r\nX: y", "Text\r\n.\r\nMAIL FROM"},
                                                 "f@g", "Mon, 01 Jan 2026 00:00:00 +0000", "id@farol");
    CHECK(message.find("To: <a@b  Bcc: x@y>\r\n") != std::string::npos);
    CHECK(message.find("Subject: =?UTF-8?B?T2zDoSAgWDogeQ==?=\r\n") != std::string::npos);
    CHECK(message.find("\r\n\r\nVGV4dA0KLg0KTUFJTCBGUk9N\r\n") != std::string::npos);
    CHECK(message.find("\r\n.\r\n") == std::string::npos);
}

}  // namespace

GROUP(auth_people, CASE(locks_grow_and_a_try_during_one_changes_nothing),
      CASE(users_are_read_back_and_their_names_belong_to_one), CASE(names_and_addresses),
      CASE(sessions_are_listed_by_user_and_forgotten_when_they_are_over),
      CASE(a_challenge_says_nothing_and_cannot_be_made), CASE(passwords_that_do_and_do_not),
      CASE(backup_codes_are_told_apart_by_user_and_not_by_spelling),
      CASE(keys_are_good_from_their_networks_until_their_end),
      CASE(a_new_link_ends_the_one_before_and_only_of_its_kind), CASE(a_qr_code_is_drawn_with_its_quiet_zone),
      CASE(a_letter_cannot_break_out_of_its_head))
