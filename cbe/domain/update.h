// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What an update of a live alert changes on the air, who has to agree, and what phones do about it (A13).
//
// Phones show a message once per identifier and serial number (TS 23.041 §9.4.1.2.1): other words need a new
// serial number and alert again, everything else keeps it. What only takes something off the air needs one
// person, as a stop does. The broadcast centre finds out for itself whether a revision only shrinks, by the
// same comparison, and refuses it otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/alert.h"

namespace cbe {

enum class Change { kText, kLanguage, kLarger, kSmaller, kLonger, kShorter, kOftener, kRarer };
std::string_view to_string(Change change);

// In the order of the enumeration; a moved area is larger and smaller. Channel, identifier and category are
// not compared: an update keeps them (see keeps_channel).
std::vector<Change> changes_between(const Draft& before, const Draft& after);

bool keeps_channel(const Draft& before, const Draft& after);

enum class PeopleNeeded { kOne, kTwo };
// One only when everything takes something off the air: smaller, shorter, rarer.
PeopleNeeded people_needed(const std::vector<Change>& changes);
std::string_view to_string(PeopleNeeded needed);  // "one_person", "two_people"

// Phones that have shown the alert: kNewcomers are those in cells that are new to it.
enum class AlertsAgain { kNobody, kNewcomers, kEverybody };
AlertsAgain alerts_again(const std::vector<Change>& changes);
std::string_view to_string(AlertsAgain again);  // "nobody", "newcomers", "everybody"

// The same for the officer: what is sent and whether phones show it again.
std::string in_words(const std::vector<Change>& changes);

}  // namespace cbe
