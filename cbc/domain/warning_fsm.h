// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The machine of one warning, the parent of its Deliveries (warning.h).
//
//    New -> Scheduled --StartReached--> Sending <==FirstAccepted / NoneAccepted==> Broadcasting
//     |         |                          |                                          |
//     |         +----------- EndReached ---+------------------------------------------+--> Ending --AllOff-->
//     Ended |         +----------- Stop ---------+------------------------------------------+--> Stopping
//     --AllOff--> Stopped
//     +-> Training (stored, sent to nobody)
//
// A revision brings a warning that is ending or ended back on the air; nothing brings back one that was
// stopped. 24 h after its end a warning is forgotten.
#pragma once

#include <array>
#include <string_view>

#include "cbc/domain/fsm.h"

namespace cbc::warning_fsm {

enum class State {
    kNew,
    kScheduled,
    kSending,
    kBroadcasting,
    kEnding,
    kEnded,
    kStopping,
    kStopped,
    kTraining,
    kForgotten,
};
enum class Event {
    kForTraining,  // a training alert
    kNotYetDue,    // received or revised; its start is ahead
    kDue,          // received or revised; it belongs on the air now
    kOver,         // read back after its end
    kStartReached,
    kEndReached,
    kStop,
    kFirstAccepted,  // a cell has it
    kNoneAccepted,   // no cell has it any more
    kAllOff,         // no peer holds it any more
    kForget,         // end + 24 h
};
enum class Action { kNone, kPutOn, kPutOff };

std::string_view to_string(State state);  // as the contract names them
std::string_view to_string(Event event);

inline constexpr std::array kStates{
    State::kNew,   State::kScheduled, State::kSending, State::kBroadcasting, State::kEnding,
    State::kEnded, State::kStopping,  State::kStopped, State::kTraining,     State::kForgotten};
inline constexpr std::array kEvents{Event::kForTraining, Event::kNotYetDue,     Event::kDue,
                                    Event::kOver,        Event::kStartReached,  Event::kEndReached,
                                    Event::kStop,        Event::kFirstAccepted, Event::kNoneAccepted,
                                    Event::kAllOff,      Event::kForget};

using WarningRow = Row<State, Event, Action>;

// clang-format off
inline constexpr std::array kRows{
    //         in state               on event               go to                 and do
    WarningRow{State::kNew,          Event::kForTraining,   State::kTraining,     Action::kNone},
    WarningRow{State::kNew,          Event::kNotYetDue,     State::kScheduled,    Action::kNone},
    WarningRow{State::kNew,          Event::kDue,           State::kSending,      Action::kPutOn},
    WarningRow{State::kNew,          Event::kOver,          State::kEnding,       Action::kPutOff},
    WarningRow{State::kNew,          Event::kStop,          State::kStopping,     Action::kPutOff},

    WarningRow{State::kScheduled,    Event::kStartReached,  State::kSending,      Action::kPutOn},
    WarningRow{State::kScheduled,    Event::kDue,           State::kSending,      Action::kPutOn},
    WarningRow{State::kScheduled,    Event::kNotYetDue,     State::kScheduled,    Action::kNone},
    WarningRow{State::kScheduled,    Event::kEndReached,    State::kEnding,       Action::kPutOff},
    WarningRow{State::kScheduled,    Event::kStop,          State::kStopping,     Action::kPutOff},

    WarningRow{State::kSending,      Event::kFirstAccepted, State::kBroadcasting, Action::kNone},
    WarningRow{State::kSending,      Event::kDue,           State::kSending,      Action::kPutOn},
    WarningRow{State::kSending,      Event::kNotYetDue,     State::kScheduled,    Action::kPutOff},
    WarningRow{State::kSending,      Event::kEndReached,    State::kEnding,       Action::kPutOff},
    WarningRow{State::kSending,      Event::kStop,          State::kStopping,     Action::kPutOff},

    WarningRow{State::kBroadcasting, Event::kNoneAccepted,  State::kSending,      Action::kNone},
    WarningRow{State::kBroadcasting, Event::kDue,           State::kBroadcasting, Action::kPutOn},
    WarningRow{State::kBroadcasting, Event::kNotYetDue,     State::kScheduled,    Action::kPutOff},
    WarningRow{State::kBroadcasting, Event::kEndReached,    State::kEnding,       Action::kPutOff},
    WarningRow{State::kBroadcasting, Event::kStop,          State::kStopping,     Action::kPutOff},

    WarningRow{State::kEnding,       Event::kAllOff,        State::kEnded,        Action::kNone},
    WarningRow{State::kEnding,       Event::kDue,           State::kSending,      Action::kPutOn},
    WarningRow{State::kEnding,       Event::kNotYetDue,     State::kScheduled,    Action::kPutOff},
    WarningRow{State::kEnding,       Event::kStop,          State::kStopping,     Action::kPutOff},
    WarningRow{State::kEnding,       Event::kForget,        State::kForgotten,    Action::kNone},

    WarningRow{State::kEnded,        Event::kDue,           State::kSending,      Action::kPutOn},
    WarningRow{State::kEnded,        Event::kNotYetDue,     State::kScheduled,    Action::kNone},
    WarningRow{State::kEnded,        Event::kStop,          State::kStopping,     Action::kPutOff},
    WarningRow{State::kEnded,        Event::kForget,        State::kForgotten,    Action::kNone},

    WarningRow{State::kStopping,     Event::kAllOff,        State::kStopped,      Action::kNone},
    WarningRow{State::kStopping,     Event::kForget,        State::kForgotten,    Action::kNone},

    WarningRow{State::kStopped,      Event::kForget,        State::kForgotten,    Action::kNone},

    WarningRow{State::kTraining,     Event::kForTraining,   State::kTraining,     Action::kNone},
    WarningRow{State::kTraining,     Event::kStop,          State::kStopped,      Action::kNone},
    WarningRow{State::kTraining,     Event::kForget,        State::kForgotten,    Action::kNone},
};
// clang-format on

static_assert(rows_are_distinct(kRows));
// No wait without an end.
static_assert(has_row(kRows, State::kScheduled, Event::kStartReached));
static_assert(has_row(kRows, State::kSending, Event::kEndReached));
static_assert(has_row(kRows, State::kBroadcasting, Event::kEndReached));
static_assert(has_row(kRows, State::kEnding, Event::kForget));
static_assert(has_row(kRows, State::kStopping, Event::kForget));
static_assert(has_row(kRows, State::kTraining, Event::kForget));
// A stop beats every revision.
static_assert(!has_row(kRows, State::kStopping, Event::kDue) &&
              !has_row(kRows, State::kStopped, Event::kDue));

}  // namespace cbc::warning_fsm
