// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/alert.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/geo/region.h"

namespace cbc {
namespace {

template <class Enum, size_t Count>
using Words = std::array<std::pair<Enum, std::string_view>, Count>;

constexpr Words<Mode, 2> kModes{{{Mode::kLive, "live"}, {Mode::kTraining, "training"}}};
constexpr Words<Category, 3> kCategories{
    {{Category::kNormal, "normal"}, {Category::kHigh, "high"}, {Category::kBackground, "background"}}};
constexpr Words<DecisionAction, 4> kActions{{{DecisionAction::kSubmit, "submit"},
                                             {DecisionAction::kApprove, "approve"},
                                             {DecisionAction::kShrink, "shrink"},
                                             {DecisionAction::kStop, "stop"}}};

template <class Enum, size_t Count>
std::string_view word_of(const Words<Enum, Count>& words, Enum value) {
    for (const auto& [member, word] : words)
        if (member == value) return word;
    return "unknown";
}

template <class Enum, size_t Count>
std::optional<Enum> value_of(const Words<Enum, Count>& words, std::string_view word) {
    for (const auto& [member, name] : words)
        if (name == word) return member;
    return std::nullopt;
}

// Its own name, or that of the location area that its name holds.
bool named_in(const PlaceSet& places, const Place& place) {
    if (std::binary_search(places.begin(), places.end(), place)) return true;
    if (place.kind != PlaceKind::kCell || !names_area(place.technology)) return false;
    const Place area = Place::area_of(place.technology, place.plmn, place.area);
    return std::binary_search(places.begin(), places.end(), area);
}

bool shapes_within(const std::vector<geo::Shape>& outer, const std::vector<geo::Shape>& inner) {
    if (inner.empty()) return true;
    const auto outside = geo::Region::make(outer);
    const auto inside = geo::Region::make(inner);
    if (!outside || !inside) return false;
    const auto covers = outside->surely_covers(*inside);
    return covers && *covers;
}

bool area_within(const Area& outer, const Area& inner) {
    if (std::holds_alternative<AllCells>(outer)) return true;
    const auto* part = std::get_if<ChosenArea>(&inner);
    if (part == nullptr) return false;
    const auto& whole = std::get<ChosenArea>(outer);
    return std::all_of(part->places.begin(), part->places.end(),
                       [&](const Place& place) { return named_in(whole.places, place); }) &&
           shapes_within(whole.shapes, part->shapes);
}

bool fewer_or_same(const std::optional<uint16_t>& before, const std::optional<uint16_t>& after) {
    if (!before) return true;  // until the end: every number is fewer
    return after && *after <= *before;
}

}  // namespace

std::string_view to_string(Mode mode) { return word_of(kModes, mode); }
std::string_view to_string(Category category) { return word_of(kCategories, category); }
std::string_view to_string(DecisionAction action) { return word_of(kActions, action); }
std::optional<Mode> mode_of(std::string_view word) { return value_of(kModes, word); }
std::optional<Category> category_of(std::string_view word) { return value_of(kCategories, word); }
std::optional<DecisionAction> action_of(std::string_view word) { return value_of(kActions, word); }

Extent extent_of(const Content& before, const Content& after) {
    const Schedule& was = before.schedule;
    const Schedule& is = after.schedule;
    const bool same_message = before.mode == after.mode && before.serial == after.serial &&
                              before.messages == after.messages && was.start == is.start &&
                              was.category == is.category;
    const bool less_time = is.end <= was.end && is.repetition_period >= was.repetition_period &&
                           fewer_or_same(was.number_of_broadcasts, is.number_of_broadcasts);
    return same_message && less_time && area_within(before.area, after.area) ? Extent::kShrinks
                                                                             : Extent::kGrows;
}

}  // namespace cbc
