// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/sha256.h"

#include "tests/support/test.h"

namespace {

// FIPS 180-4's examples.
constexpr std::string_view kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr std::string_view kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

void octets_may_come_in_pieces() {
    CHECK_EQ(base::to_hex(replica::Sha256::of(base::as_bytes("abc"))), kAbc);
    replica::Sha256 sha;
    sha.add(base::as_bytes("a"));
    sha.add(base::as_bytes(""));
    sha.add(base::as_bytes("bc"));
    CHECK_EQ(base::to_hex(sha.finish()), kAbc);
}

void after_the_end_it_begins_anew() {
    replica::Sha256 sha;
    sha.add(base::as_bytes("something else"));
    (void)sha.finish();
    CHECK_EQ(base::to_hex(sha.finish()), kEmpty);
}

}  // namespace

GROUP(sha256, CASE(octets_may_come_in_pieces), CASE(after_the_end_it_begins_anew))
