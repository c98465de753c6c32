// SPDX-License-Identifier: AGPL-3.0-or-later
//
// State machines as tables: one row per state and event, what comes next and what is done.
//
// An event without a row is a defined outcome: the machine stays where it is and reports an Unexpected, which
// the shell logs with machine, state and event, and counts. It never ends the process.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace cbc {

template <class State, class Event, class Action>
struct Row {
    State in;
    Event on;
    State to;
    Action action;
};

template <class Rows, class State, class Event>
constexpr const typename Rows::value_type* find_row(const Rows& rows, State in, Event on) {
    for (const auto& row : rows)
        if (row.in == in && row.on == on) return &row;
    return nullptr;
}

template <class Rows, class State, class Event>
constexpr bool has_row(const Rows& rows, State in, Event on) {
    // Not by find_row: under UBSan g++ 12 does not take the comparison of an address for a constant.
    for (const auto& row : rows)
        if (row.in == in && row.on == on) return true;
    return false;
}

// Two rows for one state and event: the second could never be reached.
template <class Rows>
constexpr bool rows_are_distinct(const Rows& rows) {
    for (size_t i = 0; i < rows.size(); ++i)
        for (size_t j = 0; j < i; ++j)
            if (rows[i].in == rows[j].in && rows[i].on == rows[j].on) return false;
    return true;
}

// What a machine says about an event that it has no row for.
struct Unexpected {
    std::string_view machine;
    std::string_view state;
    std::string_view event;
};

}  // namespace cbc
