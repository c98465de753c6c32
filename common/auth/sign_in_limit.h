// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How often one address may begin to sign in: a token bucket each. A sign-in that succeeds gives its token
// back, so an office behind one address is held up by wrong passwords only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/time/clock.h"

namespace auth {

struct SignInRate {
    int64_t burst = 20;
    int64_t per_minute = 20;
};

// Of "192.0.2.7:40112" the address, of "[2001:db8::7]:40112" its network of 64 bits: whoever has one has all.
std::string sign_in_source(std::string_view peer_address);

class SignInLimit {
 public:
    explicit SignInLimit(const SignInRate& rate) : rate_(rate) {}

    // None: go on. Else the time after which there is a token again.
    std::optional<std::chrono::seconds> take(const std::string& source, base::Ticks now);
    void give_back(const std::string& source);

    static constexpr size_t kMostSources = 10'000;
    size_t sources() const { return buckets_.size(); }

 private:
    struct Bucket {
        double tokens;
        base::Ticks at;
    };
    double tokens_of(const Bucket& bucket, base::Ticks now) const;
    void make_room(base::Ticks now);

    SignInRate rate_;
    std::map<std::string, Bucket> buckets_;  // only those that are not full
};

}  // namespace auth
