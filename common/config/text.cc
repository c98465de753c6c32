// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/config/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace config {
namespace {

struct Unit {
    std::string_view name;
    uint64_t factor;
};

constexpr std::array kTimes{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1000},
                            Unit{"ms", 1}};
constexpr std::array kSizes{Unit{"TiB", uint64_t{1} << 40}, Unit{"GiB", uint64_t{1} << 30},
                            Unit{"MiB", uint64_t{1} << 20}, Unit{"KiB", uint64_t{1} << 10}, Unit{"B", 1}};

// Digits followed by one of the units; `bare`: the factor of a number without unit, 0 when it needs one.
std::optional<uint64_t> with_unit(std::string_view text, std::span<const Unit> units, uint64_t bare) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
    uint64_t factor = unit.empty() ? bare : 0;
    for (const Unit& one : units)
        if (one.name == unit) factor = one.factor;
    uint64_t product = 0;
    if (factor == 0 || __builtin_mul_overflow(number, factor, &product)) return std::nullopt;
    return product;
}

std::string in_largest_unit(uint64_t number, std::span<const Unit> units) {
    for (const Unit& unit : units)
        if (number != 0 && number % unit.factor == 0)
            return std::to_string(number / unit.factor) + std::string(unit.name);
    return "0" + std::string(units[units.size() - 1].name);
}

// Levenshtein: how many insertions, deletions and replacements lie between two words.
size_t distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

}  // namespace

std::optional<int64_t> parse_integer(std::string_view text) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto ms = with_unit(text, kTimes, 0);
    if (!ms || *ms > static_cast<uint64_t>(INT64_MAX) / 1'000'000)
        return std::nullopt;  // fits in nanoseconds
    return std::chrono::milliseconds{static_cast<int64_t>(*ms)};
}

std::optional<uint64_t> parse_size(std::string_view text) { return with_unit(text, kSizes, 1); }

std::optional<std::pair<std::string, uint16_t>> parse_address(std::string_view text) {
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto port = parse_integer(text.substr(colon + 1));
    if (!port || *port < 0 || *port > 65535) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return std::nullopt;  // an IPv6 address without brackets
    }
    const auto allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
               c == '-' || c == ':' || c == '%' || c == '_';
    };
    if (!std::all_of(host.begin(), host.end(), allowed)) return std::nullopt;
    return std::pair{std::string(host), static_cast<uint16_t>(*port)};
}

std::string duration_text(std::chrono::milliseconds duration) {
    return in_largest_unit(static_cast<uint64_t>(std::max<int64_t>(0, duration.count())), kTimes);
}

std::string size_text(uint64_t octets) { return in_largest_unit(octets, kSizes); }

std::string address_text(std::string_view host, uint16_t port) {
    const bool v6 = host.find(':') != std::string_view::npos;
    return (v6 ? "[" + std::string(host) + "]" : std::string(host)) + ":" + std::to_string(port);
}

bool is_name(std::string_view text) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), allowed);
}

std::string listed(const std::vector<std::string>& words) {
    std::string out;
    for (size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
        out += words[i];
    }
    return out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    size_t best_distance = std::max<size_t>(2, word.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const size_t away = distance(word, candidate);
        if (away < best_distance && away < std::max(word.size(), candidate.size())) {
            best = candidate;
            best_distance = away;
        }
    }
    return best;
}

}  // namespace config
