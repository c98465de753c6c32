// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The machine of one SBc-AP link (sbcap_link.h), the same whichever side opened the association.
//
//    Down --Connect / Accepted--> Connecting --Up--> Ready --Restarted--+
//      ^                              |                |  ^-------------+
//      +--------- Closed -------------+----------------+
//
// There is nothing to say before the first request: SBc-AP has no greeting. The end of Connecting is SCTP's
// business (SctpSettings::init_timeout), as is finding out that a peer is gone (heartbeats).
#pragma once

#include <array>
#include <string_view>

#include "cbc/domain/fsm.h"

namespace cbc::sbcap_link_fsm {

enum class State { kDown, kConnecting, kReady };
enum class Event { kConnect, kAccepted, kUp, kRestarted, kClosed };
enum class Action { kNone, kConnect, kAnnounce, kBeginAnew, kGoDown };

std::string_view to_string(State state);  // as GET /peers names them
std::string_view to_string(Event event);

inline constexpr std::array kStates{State::kDown, State::kConnecting, State::kReady};
inline constexpr std::array kEvents{Event::kConnect, Event::kAccepted, Event::kUp, Event::kRestarted,
                                    Event::kClosed};

using LinkRow = Row<State, Event, Action>;

// clang-format off
inline constexpr std::array kRows{
    //      in state            on event           go to               and do
    LinkRow{State::kDown,       Event::kConnect,   State::kConnecting, Action::kConnect},
    LinkRow{State::kDown,       Event::kAccepted,  State::kConnecting, Action::kNone},

    LinkRow{State::kConnecting, Event::kUp,        State::kReady,      Action::kAnnounce},
    LinkRow{State::kConnecting, Event::kClosed,    State::kDown,       Action::kGoDown},

    LinkRow{State::kReady,      Event::kRestarted, State::kReady,      Action::kBeginAnew},
    LinkRow{State::kReady,      Event::kClosed,    State::kDown,       Action::kGoDown},
};
// clang-format on

static_assert(rows_are_distinct(kRows));
static_assert(has_row(kRows, State::kConnecting, Event::kClosed));
static_assert(has_row(kRows, State::kReady, Event::kClosed));

}  // namespace cbc::sbcap_link_fsm
