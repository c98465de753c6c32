// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The row of a link's machine, whatever its protocol.
#pragma once

#include <string_view>

#include "cbc/domain/fsm.h"
#include "common/log/log.h"

namespace cbc {

void tell_no_row(const logs::Log& log, std::string_view state, std::string_view event);

// Null pointer: there is none, and the log says so.
template <class Rows, class State, class Event>
const typename Rows::value_type* link_row(const Rows& rows, State in, Event on, const logs::Log& log) {
    const auto* row = find_row(rows, in, on);
    if (row == nullptr) tell_no_row(log, to_string(in), to_string(on));
    return row;
}

}  // namespace cbc
