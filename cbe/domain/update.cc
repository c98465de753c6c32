// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/update.h"

#include <algorithm>

namespace cbe {
namespace {

bool has(const std::vector<Change>& changes, Change change) {
    return std::find(changes.begin(), changes.end(), change) != changes.end();
}

// Every cell of `inner` is one of `outer`.
bool within(const Area& outer, const Area& inner) {
    const auto* whole = std::get_if<ChosenCells>(&outer);
    if (whole == nullptr) return true;
    const auto* part = std::get_if<ChosenCells>(&inner);
    return part != nullptr &&
           std::includes(whole->cells.begin(), whole->cells.end(), part->cells.begin(), part->cells.end());
}

bool same_languages(const Draft& before, const Draft& after) {
    return std::equal(before.messages.begin(), before.messages.end(), after.messages.begin(),
                      after.messages.end(),
                      [](const Message& a, const Message& b) { return a.language == b.language; });
}

// "until the end" is more than any number.
int64_t broadcasts_of(const Draft& draft) { return draft.broadcasts ? *draft.broadcasts : UINT16_MAX + 1; }

std::string_view sentence_of(Change change) {
    switch (change) {
        case Change::kText:
            return "The text changes.";
        case Change::kLanguage:
            return "The languages change.";
        case Change::kLarger:
            return "Cells are added.";
        case Change::kSmaller:
            return "Cells are left; they stop.";
        case Change::kLonger:
            return "It ends later.";
        case Change::kShorter:
            return "It ends earlier.";
        case Change::kOftener:
            return "It is repeated more often.";
        case Change::kRarer:
            return "It is repeated less often.";
    }
    return "";
}

std::string_view sentence_of(AlertsAgain again) {
    switch (again) {
        case AlertsAgain::kNobody:
            return "Phones that already showed it will not show it again.";
        case AlertsAgain::kNewcomers:
            return "Phones that already showed it will not show it again; phones in the added cells will "
                   "show it.";
        case AlertsAgain::kEverybody:
            return "Phones that already showed it will show it again.";
    }
    return "";
}

}  // namespace

std::string_view to_string(Change change) {
    switch (change) {
        case Change::kText:
            return "text";
        case Change::kLanguage:
            return "language";
        case Change::kLarger:
            return "larger";
        case Change::kSmaller:
            return "smaller";
        case Change::kLonger:
            return "longer";
        case Change::kShorter:
            return "shorter";
        case Change::kOftener:
            return "oftener";
        case Change::kRarer:
            return "rarer";
    }
    return "unknown";
}

std::string_view to_string(PeopleNeeded needed) {
    return needed == PeopleNeeded::kOne ? "one_person" : "two_people";
}

std::string_view to_string(AlertsAgain again) {
    switch (again) {
        case AlertsAgain::kNobody:
            return "nobody";
        case AlertsAgain::kNewcomers:
            return "newcomers";
        case AlertsAgain::kEverybody:
            return "everybody";
    }
    return "unknown";
}

std::vector<Change> changes_between(const Draft& before, const Draft& after) {
    std::vector<Change> changes;
    if (!same_languages(before, after))
        changes.push_back(Change::kLanguage);
    else if (before.messages != after.messages)
        changes.push_back(Change::kText);
    if (!within(before.area, after.area)) changes.push_back(Change::kLarger);
    if (!within(after.area, before.area)) changes.push_back(Change::kSmaller);
    if (after.duration > before.duration) changes.push_back(Change::kLonger);
    if (after.duration < before.duration) changes.push_back(Change::kShorter);
    if (after.repetition_period < before.repetition_period || broadcasts_of(after) > broadcasts_of(before))
        changes.push_back(Change::kOftener);
    if (after.repetition_period > before.repetition_period || broadcasts_of(after) < broadcasts_of(before))
        changes.push_back(Change::kRarer);
    return changes;
}

bool keeps_channel(const Draft& before, const Draft& after) {
    return before.channel == after.channel && before.identifier == after.identifier &&
           before.category == after.category;
}

PeopleNeeded people_needed(const std::vector<Change>& changes) {
    const bool only_less = std::all_of(changes.begin(), changes.end(), [](Change change) {
        return change == Change::kSmaller || change == Change::kShorter || change == Change::kRarer;
    });
    return only_less ? PeopleNeeded::kOne : PeopleNeeded::kTwo;
}

AlertsAgain alerts_again(const std::vector<Change>& changes) {
    if (has(changes, Change::kText) || has(changes, Change::kLanguage)) return AlertsAgain::kEverybody;
    return has(changes, Change::kLarger) ? AlertsAgain::kNewcomers : AlertsAgain::kNobody;
}

std::string in_words(const std::vector<Change>& changes) {
    if (changes.empty()) return "Nothing has been changed yet.";
    std::string text;
    for (const Change change : changes) text += std::string(sentence_of(change)) + " ";
    return text + std::string(sentence_of(alerts_again(changes)));
}

}  // namespace cbe
