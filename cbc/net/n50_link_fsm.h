// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The machine of one N50 link (n50_link.h).
//
//    Down --Connect--> Subscribing --Subscribed--> Ready --Renew--> Ready
//     ^---- Failed, Timeout ----'-------- Failed ----'
//
// HTTP has no connection that is up or down: a link is ready when the AMF has taken our subscriptions, and it
// is down when a call does not reach it. TS 29.518 §5.2.2.4.
#pragma once

#include <array>
#include <string_view>

#include "cbc/domain/fsm.h"

namespace cbc::n50_link_fsm {

enum class State { kDown, kSubscribing, kReady };
enum class Event { kConnect, kSubscribed, kRenew, kFailed, kTimeout };
enum class Action { kSubscribe, kAnnounce, kRenew, kGiveUp };

std::string_view to_string(State state);  // as GET /peers names them
std::string_view to_string(Event event);

inline constexpr std::array kStates{State::kDown, State::kSubscribing, State::kReady};
inline constexpr std::array kEvents{Event::kConnect, Event::kSubscribed, Event::kRenew, Event::kFailed,
                                    Event::kTimeout};

using LinkRow = Row<State, Event, Action>;

// clang-format off
inline constexpr std::array kRows{
    //      in state             on event            go to                and do
    LinkRow{State::kDown,        Event::kConnect,    State::kSubscribing, Action::kSubscribe},

    LinkRow{State::kSubscribing, Event::kSubscribed, State::kReady,       Action::kAnnounce},
    LinkRow{State::kSubscribing, Event::kFailed,     State::kDown,        Action::kGiveUp},
    LinkRow{State::kSubscribing, Event::kTimeout,    State::kDown,        Action::kGiveUp},

    LinkRow{State::kReady,       Event::kRenew,      State::kReady,       Action::kRenew},
    LinkRow{State::kReady,       Event::kFailed,     State::kDown,        Action::kGiveUp},
};
// clang-format on

static_assert(rows_are_distinct(kRows));
static_assert(has_row(kRows, State::kSubscribing, Event::kTimeout));

}  // namespace cbc::n50_link_fsm
