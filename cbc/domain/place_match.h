// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Looking a cell up in the list of a peer's answer, where most cells are named in full: by hash, and the few
// patterns ("location area 23", "everything") one after another.
#pragma once

#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cbc/domain/peer_request.h"

namespace cbc {

template <class Value>
class PlaceMatch {
 public:
    void add(const PlacePattern& pattern, Value value) {
        if (const auto cell = pattern.exact())
            exact_.insert_or_assign(*cell, std::move(value));
        else
            loose_.emplace_back(pattern, std::move(value));
    }

    // A null pointer asks for the cells that nobody has named: only "everything" matches them.
    const Value* find(const Place* cell) const {
        if (cell != nullptr) {
            const auto found = exact_.find(*cell);
            if (found != exact_.end()) return &found->second;
            if (cell->kind == PlaceKind::kArea)
                if (const Value* child = find_in(exactly(*cell))) return child;
        }
        for (const auto& [pattern, value] : loose_)
            if (cell != nullptr ? pattern.matches(*cell) : pattern.everything()) return &value;
        return nullptr;
    }

    const std::unordered_map<Place, Value>& exact() const { return exact_; }

 private:
    // Who was asked for an area may answer with the cells in it: any of them.
    const Value* find_in(const PlacePattern& area) const {
        for (const auto& [cell, value] : exact_)
            if (area.matches(cell)) return &value;
        return nullptr;
    }

    std::unordered_map<Place, Value> exact_;
    std::vector<std::pair<PlacePattern, Value>> loose_;
};

}  // namespace cbc
