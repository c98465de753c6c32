// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/backoff.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

constexpr uint32_t kLeast = 0;    // 80 percent
constexpr uint32_t kMiddle = 20;  // 100 percent
constexpr uint32_t kMost = 40;    // 120 percent

void each_wait_is_twice_the_last_up_to_the_limit() {
    net::Backoff backoff{{500ms, 3s}};
    for (const auto expected : {500ms, 1000ms, 2000ms, 3000ms, 3000ms})
        CHECK_EQ(backoff.next(kMiddle).count(), expected.count());
    backoff.reset();
    CHECK_EQ(backoff.next(kMiddle).count(), int64_t{500});
}

void jitter_is_a_fifth_either_way() {
    CHECK_EQ(net::Backoff({500ms, 3s}).next(kLeast).count(), int64_t{400});
    CHECK_EQ(net::Backoff({500ms, 3s}).next(kMost).count(), int64_t{600});
    for (uint32_t random = 0; random < 1000; ++random) {
        const auto wait = net::Backoff({500ms, 3s}).next(random * 4'294'967U);
        CHECK(wait >= 400ms && wait <= 600ms);
    }
}

}  // namespace

GROUP(backoff, CASE(each_wait_is_twice_the_last_up_to_the_limit), CASE(jitter_is_a_fifth_either_way))
