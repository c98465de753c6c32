// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/guards.h"

#include <algorithm>
#include <string>

namespace cbe {
namespace {

// Characters as strings of UTF-8, so that nothing is cut inside of one.
std::vector<std::string> pairs_of(std::string_view text) {
    std::vector<std::string_view> characters;
    for (size_t i = 0, begin = 0; i < text.size(); begin = i) {
        do ++i;
        while (i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U);
        characters.push_back(text.substr(begin, i - begin));
    }
    std::vector<std::string> pairs;
    for (size_t i = 0; i + 1 < characters.size(); ++i)
        pairs.push_back(std::string(characters[i]) + std::string(characters[i + 1]));
    std::sort(pairs.begin(), pairs.end());
    return pairs;
}

bool same_words(const Alert& one, const Alert& other) {
    return std::any_of(one.draft.messages.begin(), one.draft.messages.end(), [&](const Message& a) {
        return std::any_of(other.draft.messages.begin(), other.draft.messages.end(), [&](const Message& b) {
            return a.language == b.language && sameness(a.text, b.text) > kSameText;
        });
    });
}

bool live_or_just_over(const Alert& alert, base::Instant now) {
    if (!alert.approved_at) return false;
    const Status status = status_at(alert, now);
    if (is_live(status)) return true;
    if (status == Status::kSuperseded) return false;  // its update is there to be compared with
    const auto ended =
        status != alert.status && alert.frozen ? alert.frozen->end : alert.ended_at.value_or(now);
    return now < ended + kDuplicateWindow;
}

}  // namespace

double sameness(std::string_view one, std::string_view other) {
    if (one == other) return 1;
    const auto a = pairs_of(one);
    const auto b = pairs_of(other);
    if (a.empty() || b.empty()) return 0;
    std::vector<std::string> common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    return 2.0 * static_cast<double>(common.size()) / static_cast<double>(a.size() + b.size());
}

bool overlap(const Area& one, const Area& other) {
    const auto* a = std::get_if<ChosenCells>(&one);
    const auto* b = std::get_if<ChosenCells>(&other);
    if (a == nullptr || b == nullptr) return true;
    return std::any_of(a->cells.begin(), a->cells.end(), [&](const Cell& cell) {
        return std::binary_search(b->cells.begin(), b->cells.end(), cell);
    });
}

bool is_duplicate(const Alert& alert, const Alert& other, base::Instant now) {
    return other.id != alert.id && other.chain != alert.chain && other.mode == alert.mode &&
           other.draft.channel == alert.draft.channel && live_or_just_over(other, now) &&
           overlap(alert.draft.area, other.draft.area) && same_words(alert, other);
}

size_t approved_lately(const std::vector<Alert>& alerts, base::Instant now) {
    return static_cast<size_t>(std::count_if(alerts.begin(), alerts.end(), [&](const Alert& alert) {
        return alert.mode == Mode::kLive && alert.approved_at && now < *alert.approved_at + kRateWindow;
    }));
}

}  // namespace cbe
