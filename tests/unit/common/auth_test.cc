// SPDX-License-Identifier: AGPL-3.0-or-later
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "common/auth/code_guard.h"
#include "common/auth/password.h"
#include "common/auth/sealer.h"
#include "common/auth/token.h"
#include "common/auth/totp.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using auth::CodeGuard;
using auth::CodeVerdict;
using base::Instant;

auth::Secret rfc_secret() {
    const std::string_view text = "12345678901234567890";
    return auth::Secret{base::Bytes(text.begin(), text.end())};
}

void codes_are_those_of_rfc_6238() {
    // RFC 6238 appendix B, SHA-1; its eight digits cut to the last six.
    struct Row {
        int64_t seconds;
        const char* code;
    };
    for (const Row& row : {Row{59, "287082"}, Row{1111111109, "081804"}, Row{1111111111, "050471"},
                           Row{1234567890, "005924"}, Row{2000000000, "279037"}, Row{20000000000, "353130"}})
        CHECK_EQ(auth::totp_code(rfc_secret(), Instant{std::chrono::seconds{row.seconds}}), row.code);
}

void a_code_matches_its_step_and_the_neighbours_only() {
    const Instant then{1234567890s};
    const auth::TotpStep step = auth::totp_step(then);
    const std::string code = auth::totp_code(rfc_secret(), then);
    CHECK_EQ(*auth::matching_step(rfc_secret(), code, then - 30s), step);
    CHECK_EQ(*auth::matching_step(rfc_secret(), code, then + 30s), step);
    CHECK(!auth::matching_step(rfc_secret(), code, then + 60s));
    CHECK(!auth::matching_step(rfc_secret(), code, then - 60s));
    for (const char* wrong : {"", "00592", "0059240", "005925", "abcdef"})
        CHECK(!auth::matching_step(rfc_secret(), wrong, then));
}

void base32_goes_both_ways() {
    // RFC 4648 §10.
    struct Row {
        const char* plain;
        const char* coded;
    };
    for (const Row& row : {Row{"", ""}, Row{"f", "MY"}, Row{"fo", "MZXQ"}, Row{"foo", "MZXW6"},
                           Row{"foob", "MZXW6YQ"}, Row{"fooba", "MZXW6YTB"}, Row{"foobar", "MZXW6YTBOI"}}) {
        const std::string_view plain = row.plain;
        CHECK_EQ(auth::to_base32(auth::Secret{base::Bytes(plain.begin(), plain.end())}), row.coded);
        const auto back = auth::from_base32(row.coded);
        CHECK_OK(back);
        CHECK_EQ(base::as_text(back->view()), plain);
    }
    CHECK_EQ(base::as_text(auth::from_base32("mzxw 6ytb oi")->view()), "foobar");
    for (const char* wrong : {"0", "MZXW1", "MZXW="}) CHECK(!auth::from_base32(wrong));
}

void the_uri_escapes_what_a_name_may_hold() {
    CHECK_EQ(
        auth::otpauth_uri("Farol demo", "ana@x", rfc_secret()),
        "otpauth://totp/Farol%20demo:ana%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Farol%20demo");
}

void a_step_is_accepted_once_and_never_an_older_one() {
    const Instant now{1000s};
    auto first = auth::judge({}, 33, now);
    CHECK_EQ(first.verdict, CodeVerdict::kAccepted);
    CHECK_EQ(first.guard.last_step, 33);
    CHECK_EQ(auth::judge(first.guard, 33, now).verdict, CodeVerdict::kReplayed);
    CHECK_EQ(auth::judge(first.guard, 32, now).verdict, CodeVerdict::kReplayed);
    CHECK_EQ(auth::judge(first.guard, 34, now).verdict, CodeVerdict::kAccepted);
}

void five_wrong_codes_lock_for_fifteen_minutes() {
    const Instant now{1000s};
    CodeGuard guard;
    for (int i = 0; i < 4; ++i) {
        const auto judged = auth::judge(guard, {}, now);
        CHECK_EQ(judged.verdict, CodeVerdict::kWrong);
        guard = judged.guard;
    }
    const auto fifth = auth::judge(guard, {}, now);
    CHECK_EQ(fifth.verdict, CodeVerdict::kNowLocked);
    // The right code does not help while it is locked, and nothing is used up.
    const auto locked = auth::judge(fifth.guard, 40, now + 15min - 1s);
    CHECK_EQ(locked.verdict, CodeVerdict::kLocked);
    CHECK(locked.guard == fifth.guard);
    CHECK_EQ(auth::judge(locked.guard, 40, now + 15min).verdict, CodeVerdict::kAccepted);
}

void a_right_code_forgets_the_wrong_ones() {
    const Instant now{1000s};
    CodeGuard guard;
    for (int i = 0; i < 4; ++i) guard = auth::judge(guard, {}, now).guard;
    guard = auth::judge(guard, 33, now).guard;
    CHECK_EQ(guard.tries.wrong, 0U);
    CHECK_EQ(auth::judge(guard, {}, now).verdict, CodeVerdict::kWrong);
}

void passwords_match_their_own_hash_only() {
    const auto hash = auth::hash_password("correct horse", auth::PasswordCost::kLight);
    CHECK_OK(hash);
    CHECK(hash->starts_with("$argon2id$v=19$m=65536"));
    CHECK(auth::password_matches(*hash, "correct horse"));
    CHECK(!auth::password_matches(*hash, "correct horsf"));
    CHECK(!auth::password_matches(*hash, ""));
    CHECK(!auth::password_matches("not a hash", "correct horse"));
    CHECK(*hash != *auth::hash_password("correct horse", auth::PasswordCost::kLight));  // the salt differs
    CHECK_EQ(auth::random_password().size(), 24U);
    CHECK(auth::random_password() != auth::random_password());
}

void tokens_are_random_and_their_hashes_are_sha_256() {
    CHECK_EQ(auth::new_token().size(), 64U);
    CHECK(auth::new_token() != auth::new_token());
    // FIPS 180-2 appendix B.1.
    CHECK_EQ(auth::token_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(auth::derived_token("a", "csrf") != auth::derived_token("b", "csrf"));
    CHECK(auth::derived_token("a", "csrf") != auth::derived_token("a", "other"));
    CHECK_EQ(auth::derived_token("a", "csrf"), auth::derived_token("a", "csrf"));
    CHECK(auth::equal_constant_time("same", "same"));
    CHECK(!auth::equal_constant_time("same", "sane"));
    CHECK(!auth::equal_constant_time("same", "same "));
}

void sealed_secrets_open_with_their_key_only() {
    const auth::Sealer sealer{auth::Secret::random(32)};
    const std::string box = sealer.seal(rfc_secret());
    CHECK_EQ(base::as_text(sealer.unseal(box)->view()), base::as_text(rfc_secret().view()));
    CHECK(box != sealer.seal(rfc_secret()));
    std::string changed = box;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    CHECK_EQ(sealer.unseal(changed).error().kind, base::ErrorKind::kCorrupt);
    CHECK(!sealer.unseal(box.substr(0, 39)));
    CHECK(!auth::Sealer{auth::Secret::random(32)}.unseal(box));
}

void the_key_file_is_made_once_and_must_be_private() {
    char pattern[] = "/tmp/farol-auth-XXXXXX";
    CHECK(::mkdtemp(pattern) != nullptr);
    const std::string path = std::string(pattern) + "/seal.key";
    CHECK_EQ(auth::Sealer::open(path).error().kind, base::ErrorKind::kIo);
    const auto made = auth::Sealer::open_or_create(path);
    CHECK_OK(made);
    struct stat status {};
    CHECK_EQ(::stat(path.c_str(), &status), 0);
    CHECK_EQ(status.st_mode & 0777U, 0600U);
    const auto again = auth::Sealer::open_or_create(path);
    CHECK_OK(again->unseal(made->seal(rfc_secret())));
    CHECK_EQ(::chmod(path.c_str(), 0604), 0);
    CHECK_EQ(auth::Sealer::open(path).error().kind, base::ErrorKind::kRefused);
    CHECK_EQ(::chmod(path.c_str(), 0600), 0);
    std::ofstream(path) << "short";
    CHECK_EQ(auth::Sealer::open(path).error().kind, base::ErrorKind::kInvalid);
    ::unlink(path.c_str());
    ::rmdir(pattern);
}

}  // namespace

GROUP(auth, CASE(codes_are_those_of_rfc_6238), CASE(a_code_matches_its_step_and_the_neighbours_only),
      CASE(base32_goes_both_ways), CASE(the_uri_escapes_what_a_name_may_hold),
      CASE(a_step_is_accepted_once_and_never_an_older_one), CASE(five_wrong_codes_lock_for_fifteen_minutes),
      CASE(a_right_code_forgets_the_wrong_ones), CASE(passwords_match_their_own_hash_only),
      CASE(tokens_are_random_and_their_hashes_are_sha_256), CASE(sealed_secrets_open_with_their_key_only),
      CASE(the_key_file_is_made_once_and_must_be_private))
