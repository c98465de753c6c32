// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/sign_in_limit.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "common/base/bytes.h"

namespace auth {

std::string sign_in_source(std::string_view peer_address) {
    const std::string host(peer_address.substr(0, peer_address.rfind(':')));
    if (!host.starts_with('[') || !host.ends_with(']')) return host;
    std::array<uint8_t, 16> octets{};
    if (inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), octets.data()) != 1) return host;
    return base::to_hex({octets.data(), 8}) + "::/64";
}

double SignInLimit::tokens_of(const Bucket& bucket, base::Ticks now) const {
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    return std::min(static_cast<double>(rate_.burst),
                    bucket.tokens + seconds * static_cast<double>(rate_.per_minute) / 60);
}

std::optional<std::chrono::seconds> SignInLimit::take(const std::string& source, base::Ticks now) {
    if (!buckets_.contains(source)) make_room(now);
    Bucket& bucket =
        buckets_.try_emplace(source, Bucket{static_cast<double>(rate_.burst), now}).first->second;
    bucket = {tokens_of(bucket, now), now};
    if (bucket.tokens < 1) {
        const double missing = 1 - bucket.tokens;
        return std::chrono::seconds{
            static_cast<int64_t>(std::ceil(missing * 60 / static_cast<double>(rate_.per_minute)))};
    }
    bucket.tokens -= 1;
    return {};
}

void SignInLimit::give_back(const std::string& source) {
    const auto found = buckets_.find(source);
    if (found != buckets_.end())
        found->second.tokens = std::min(static_cast<double>(rate_.burst), found->second.tokens + 1);
}

// Full buckets are as good as none; when there are none of those, the fullest goes.
void SignInLimit::make_room(base::Ticks now) {
    if (buckets_.size() < kMostSources) return;
    std::erase_if(buckets_, [&](const auto& entry) {
        return tokens_of(entry.second, now) >= static_cast<double>(rate_.burst);
    });
    if (buckets_.size() < kMostSources) return;
    buckets_.erase(std::max_element(buckets_.begin(), buckets_.end(), [&](const auto& a, const auto& b) {
        return tokens_of(a.second, now) < tokens_of(b.second, now);
    }));
}

}  // namespace auth
