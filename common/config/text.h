// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Words of a configuration file as values and back. Pure. Inside common/config only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace config {

std::optional<int64_t> parse_integer(std::string_view text);
std::optional<std::chrono::milliseconds> parse_duration(
    std::string_view text);                                 // "500ms" "30s" "5m" "24h" "7d"
std::optional<uint64_t> parse_size(std::string_view text);  // "64KiB" "256GiB" "1000"
std::optional<std::pair<std::string, uint16_t>> parse_address(std::string_view text);

// In the largest unit that divides it: 90000 ms is "90s", 120000 ms "2m".
std::string duration_text(std::chrono::milliseconds duration);
std::string size_text(uint64_t octets);
std::string address_text(std::string_view host, uint16_t port);

bool is_name(std::string_view text);  // [a-z0-9-]{1,32}

// "a", "b" or "c"
std::string listed(const std::vector<std::string>& words);
// The known word that was most likely meant; empty when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace config
