// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The machine of one Delivery (delivery.h): one message of one warning at one peer.
//
//              LinkUp                NeedKill ---------> Killing --KillAnswered / Timeout--+
//    Parked ----------> Deciding --- NeedWrite --------> Writing --WriteAnswered / Timeout-+--> Deciding
//      ^                  ^  ^  \--- NeedPause --------> Pausing --Timeout (retry) --------+
//      |                  |  |   \-- NeedNothing ------> Settled --Probe--> Asking --StatusAnswered-->
//      Deciding
//      +-- LinkDown from everywhere  \--------Changed------+
//
// Deciding is passed through, never rested in: Delivery looks at its cells and raises the Need at once. A
// change of the warning while a request is out is decided after its answer.
#pragma once

#include <array>
#include <string_view>

#include "cbc/domain/fsm.h"

namespace cbc::delivery_fsm {

enum class State { kParked, kDeciding, kWriting, kKilling, kAsking, kPausing, kSettled };
enum class Event {
    kLinkUp,
    kLinkDown,
    kChanged,  // the warning or what the peer holds has changed
    kNeedKill,
    kNeedWrite,
    kNeedPause,
    kNeedNothing,
    kWriteAnswered,
    kKillAnswered,
    kStatusAnswered,
    kTimeout,
    kProbe,
};
enum class Action {
    kNone,
    kPark,
    kSendWrite,
    kSendKill,
    kSendStatus,
    kRecordWrite,
    kRecordKill,
    kRecordStatus,
    kNoteWriteTimeout,
    kNoteKillTimeout,
    kNoteStatusTimeout,
    kArmRetry,
    kRelease,
    kArmProbe,
};
std::string_view to_string(State state);
std::string_view to_string(Event event);

inline constexpr std::array kStates{State::kParked, State::kDeciding, State::kWriting, State::kKilling,
                                    State::kAsking, State::kPausing,  State::kSettled};
inline constexpr std::array kEvents{Event::kLinkUp,         Event::kLinkDown,      Event::kChanged,
                                    Event::kNeedKill,       Event::kNeedWrite,     Event::kNeedPause,
                                    Event::kNeedNothing,    Event::kWriteAnswered, Event::kKillAnswered,
                                    Event::kStatusAnswered, Event::kTimeout,       Event::kProbe};

using DeliveryRow = Row<State, Event, Action>;

// clang-format off
inline constexpr std::array kRows{
    //          in state          on event                 go to             and do
    DeliveryRow{State::kParked,   Event::kLinkUp,          State::kDeciding, Action::kNone},
    DeliveryRow{State::kParked,   Event::kChanged,         State::kParked,   Action::kPark},

    DeliveryRow{State::kDeciding, Event::kNeedKill,        State::kKilling,  Action::kSendKill},
    DeliveryRow{State::kDeciding, Event::kNeedWrite,       State::kWriting,  Action::kSendWrite},
    DeliveryRow{State::kDeciding, Event::kNeedPause,       State::kPausing,  Action::kArmRetry},
    DeliveryRow{State::kDeciding, Event::kNeedNothing,     State::kSettled,  Action::kArmProbe},

    DeliveryRow{State::kWriting,  Event::kWriteAnswered,   State::kDeciding, Action::kRecordWrite},
    DeliveryRow{State::kWriting,  Event::kTimeout,         State::kDeciding, Action::kNoteWriteTimeout},
    DeliveryRow{State::kWriting,  Event::kChanged,         State::kWriting,  Action::kNone},
    DeliveryRow{State::kWriting,  Event::kLinkDown,        State::kParked,   Action::kPark},

    DeliveryRow{State::kKilling,  Event::kKillAnswered,    State::kDeciding, Action::kRecordKill},
    DeliveryRow{State::kKilling,  Event::kTimeout,         State::kDeciding, Action::kNoteKillTimeout},
    DeliveryRow{State::kKilling,  Event::kChanged,         State::kKilling,  Action::kNone},
    DeliveryRow{State::kKilling,  Event::kLinkDown,        State::kParked,   Action::kPark},

    DeliveryRow{State::kAsking,   Event::kStatusAnswered,  State::kDeciding, Action::kRecordStatus},
    DeliveryRow{State::kAsking,   Event::kTimeout,         State::kDeciding, Action::kNoteStatusTimeout},
    DeliveryRow{State::kAsking,   Event::kChanged,         State::kAsking,   Action::kNone},
    DeliveryRow{State::kAsking,   Event::kLinkDown,        State::kParked,   Action::kPark},

    DeliveryRow{State::kPausing,  Event::kTimeout,         State::kDeciding, Action::kRelease},
    DeliveryRow{State::kPausing,  Event::kChanged,         State::kDeciding, Action::kNone},
    DeliveryRow{State::kPausing,  Event::kLinkDown,        State::kParked,   Action::kPark},

    DeliveryRow{State::kSettled,  Event::kChanged,         State::kDeciding, Action::kNone},
    DeliveryRow{State::kSettled,  Event::kProbe,           State::kAsking,   Action::kSendStatus},
    DeliveryRow{State::kSettled,  Event::kLinkDown,        State::kParked,   Action::kPark},
};
// clang-format on

static_assert(rows_are_distinct(kRows));
// No wait without an end.
static_assert(has_row(kRows, State::kWriting, Event::kTimeout));
static_assert(has_row(kRows, State::kKilling, Event::kTimeout));
static_assert(has_row(kRows, State::kAsking, Event::kTimeout));
static_assert(has_row(kRows, State::kPausing, Event::kTimeout));
// Whatever Deciding finds is decided.
static_assert(has_row(kRows, State::kDeciding, Event::kNeedKill) &&
              has_row(kRows, State::kDeciding, Event::kNeedWrite) &&
              has_row(kRows, State::kDeciding, Event::kNeedPause) &&
              has_row(kRows, State::kDeciding, Event::kNeedNothing));

}  // namespace cbc::delivery_fsm
