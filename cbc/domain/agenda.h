// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is due when: at most one time for each key, and the earliest of all at hand.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace cbc {

template <class Key, class Time>
class Agenda {
 public:
    // None: nothing waits for a time.
    void set(const Key& key, std::optional<Time> time) {
        const auto known = times_.find(key);
        if (known != times_.end()) {
            if (time == known->second) return;
            order_.erase({known->second, key});
            times_.erase(known);
        }
        if (!time) return;
        times_.emplace(key, *time);
        order_.emplace(*time, key);
    }

    std::optional<Time> earliest() const {
        return order_.empty() ? std::nullopt : std::optional<Time>{order_.begin()->first};
    }

    std::vector<Key> due(Time now) const {
        std::vector<Key> keys;
        for (auto at = order_.begin(); at != order_.end() && at->first <= now; ++at)
            keys.push_back(at->second);
        return keys;
    }

    size_t size() const { return times_.size(); }

 private:
    std::map<Key, Time> times_;
    std::set<std::pair<Time, Key>> order_;
};

}  // namespace cbc
