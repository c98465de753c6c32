// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/sign_in_limit.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
const base::Ticks kNow{1000s};

void after_the_burst_one_waits_for_the_next_token() {
    auth::SignInLimit limit({.burst = 3, .per_minute = 6});
    for (int i = 0; i < 3; ++i) CHECK(!limit.take("a", kNow));
    CHECK(limit.take("a", kNow) == 10s);
    CHECK(limit.take("a", kNow + 9s) == 1s);
    CHECK(!limit.take("a", kNow + 10s));
    CHECK(limit.take("a", kNow + 10s).has_value());
}

void another_address_has_a_bucket_of_its_own() {
    auth::SignInLimit limit({.burst = 1, .per_minute = 1});
    CHECK(!limit.take("a", kNow));
    CHECK(limit.take("a", kNow).has_value());
    CHECK(!limit.take("b", kNow));
}

void a_sign_in_that_succeeds_gives_its_token_back_but_never_more() {
    auth::SignInLimit limit({.burst = 1, .per_minute = 1});
    for (int i = 0; i < 100; ++i) {
        CHECK(!limit.take("a", kNow));
        limit.give_back("a");
        limit.give_back("a");
    }
    CHECK(!limit.take("a", kNow));
    CHECK(limit.take("a", kNow).has_value());
}

void it_never_remembers_more_addresses_than_its_bound_and_keeps_the_worst() {
    auth::SignInLimit limit({.burst = 2, .per_minute = 1});
    for (int i = 0; i < 2; ++i) CHECK(!limit.take("attacker", kNow));
    for (size_t i = 0; i < auth::SignInLimit::kMostSources + 10; ++i) limit.take(std::to_string(i), kNow);
    CHECK_EQ(limit.sources(), auth::SignInLimit::kMostSources);
    CHECK(limit.take("attacker", kNow).has_value());
    limit.take("later", kNow + 1h);  // all are full again
    CHECK_EQ(limit.sources(), 1U);
}

void ports_do_not_count_and_a_network_of_64_bits_is_one_source() {
    CHECK_EQ(auth::sign_in_source("192.0.2.7:40112"), "192.0.2.7");
    CHECK_EQ(auth::sign_in_source("[2001:db8::7]:1"), auth::sign_in_source("[2001:db8:0:0:ffff::8]:2"));
    CHECK(auth::sign_in_source("[2001:db8:0:1::7]:1") != auth::sign_in_source("[2001:db8::7]:1"));
    CHECK_EQ(auth::sign_in_source("[nonsense]:1"), "[nonsense]");
    CHECK_EQ(auth::sign_in_source(""), "");
}

}  // namespace

GROUP(sign_in_limit, CASE(after_the_burst_one_waits_for_the_next_token),
      CASE(another_address_has_a_bucket_of_its_own),
      CASE(a_sign_in_that_succeeds_gives_its_token_back_but_never_more),
      CASE(it_never_remembers_more_addresses_than_its_bound_and_keeps_the_worst),
      CASE(ports_do_not_count_and_a_network_of_64_bits_is_one_source))
