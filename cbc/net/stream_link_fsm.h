// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The machine of a link over TCP (stream_link.h) to a BSC or an RNC, the same whichever side opened the
// connection.
//
//    Down --Connect--> Connecting --Opened--> AwaitRestart --RestartSeen / Timeout--> Deciding
//      \-------------- Opened (accepted) ----------^                                   |    |
//                                                              NeedReset (no live warning)  KeepWarnings
//                                                                         v                 v
//                                                                     Resetting --Reset--> Ready
//    every state --Closed--> Down
//
// A peer may say at connect what it still holds (RESTART); it has half a second for that. RESET is sent only
// when no live warning is there, because it wipes the peer. Deciding ends the connection when nothing can be
// asked of the peer at all. TS 48.049 §7, TS 25.419 §8.5, §8.6.
#pragma once

#include <array>
#include <string_view>

#include "cbc/domain/fsm.h"

namespace cbc::stream_link_fsm {

enum class State { kDown, kConnecting, kAwaitRestart, kDeciding, kResetting, kReady };
enum class Event {
    kConnect,
    kOpened,
    kRestartSeen,
    kTimeout,
    kNeedReset,
    kKeepWarnings,
    kResetComplete,
    kResetFailed,
    kClosed,
};
enum class Action {
    kNone,
    kConnect,
    kAwaitRestart,
    kDecide,
    kSendReset,
    kAnnounceWiped,
    kAnnounce,
    kGiveUp,
    kNoteDown
};

std::string_view to_string(State state);  // as GET /peers names them
std::string_view to_string(Event event);

inline constexpr std::array kStates{State::kDown,     State::kConnecting, State::kAwaitRestart,
                                    State::kDeciding, State::kResetting,  State::kReady};
inline constexpr std::array kEvents{Event::kConnect,       Event::kOpened,      Event::kRestartSeen,
                                    Event::kTimeout,       Event::kNeedReset,   Event::kKeepWarnings,
                                    Event::kResetComplete, Event::kResetFailed, Event::kClosed};

using LinkRow = Row<State, Event, Action>;

// clang-format off
inline constexpr std::array kRows{
    //      in state              on event               go to                 and do
    LinkRow{State::kDown,         Event::kConnect,       State::kConnecting,   Action::kConnect},
    LinkRow{State::kDown,         Event::kOpened,        State::kAwaitRestart, Action::kAwaitRestart},

    LinkRow{State::kConnecting,   Event::kOpened,        State::kAwaitRestart, Action::kAwaitRestart},
    LinkRow{State::kConnecting,   Event::kTimeout,       State::kDown,         Action::kGiveUp},
    LinkRow{State::kConnecting,   Event::kClosed,        State::kDown,         Action::kNoteDown},

    LinkRow{State::kAwaitRestart, Event::kRestartSeen,   State::kDeciding,     Action::kDecide},
    LinkRow{State::kAwaitRestart, Event::kTimeout,       State::kDeciding,     Action::kDecide},
    LinkRow{State::kAwaitRestart, Event::kClosed,        State::kDown,         Action::kNoteDown},

    LinkRow{State::kDeciding,     Event::kNeedReset,     State::kResetting,    Action::kSendReset},
    LinkRow{State::kDeciding,     Event::kKeepWarnings,  State::kReady,        Action::kAnnounce},
    LinkRow{State::kDeciding,     Event::kClosed,        State::kDown,         Action::kNoteDown},

    LinkRow{State::kResetting,    Event::kResetComplete, State::kReady,        Action::kAnnounceWiped},
    LinkRow{State::kResetting,    Event::kResetFailed,   State::kReady,        Action::kAnnounce},
    LinkRow{State::kResetting,    Event::kTimeout,       State::kDown,         Action::kGiveUp},
    LinkRow{State::kResetting,    Event::kRestartSeen,   State::kResetting,    Action::kNone},
    LinkRow{State::kResetting,    Event::kClosed,        State::kDown,         Action::kNoteDown},

    LinkRow{State::kReady,        Event::kRestartSeen,   State::kReady,        Action::kNone},
    LinkRow{State::kReady,        Event::kTimeout,       State::kDown,         Action::kGiveUp},
    LinkRow{State::kReady,        Event::kClosed,        State::kDown,         Action::kNoteDown},
};
// clang-format on

static_assert(rows_are_distinct(kRows));
// No wait without an end; in Ready it is KEEP-ALIVE or Load-Query that is waited for.
static_assert(has_row(kRows, State::kConnecting, Event::kTimeout));
static_assert(has_row(kRows, State::kAwaitRestart, Event::kTimeout));
static_assert(has_row(kRows, State::kResetting, Event::kTimeout));
static_assert(has_row(kRows, State::kReady, Event::kTimeout));

}  // namespace cbc::stream_link_fsm
