// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/delivery_fsm.h"

#include <string>

#include "tests/support/test.h"

namespace {

using namespace cbc::delivery_fsm;

// One line per state; one letter per event in the order of kEvents, of the state that follows; "." no row.
//   events: U link up, D link down, C changed, k need kill, w need write, p need pause, n need nothing,
//           W write answered, K kill answered, S status answered, T timeout, P probe
constexpr std::string_view kExpected[] = {
    // UDCkwpnWKSTP
    "d.p.........",  // parked
    "...kwus.....",  // deciding
    ".pw....d..d.",  // writing
    ".pk.....d.d.",  // killing
    ".pa......dd.",  // asking
    ".pd.......d.",  // pausing
    ".pd........a",  // settled
};
constexpr std::string_view kLetters = "pdwkaus";  // in the order of kStates

void every_row_and_every_missing_row_is_as_drawn() {
    for (size_t s = 0; s < kStates.size(); ++s) {
        std::string found;
        for (const Event event : kEvents) {
            const auto* row = cbc::find_row(kRows, kStates[s], event);
            found += row == nullptr ? '.' : kLetters[static_cast<size_t>(row->to)];
        }
        CHECK_EQ(std::string(to_string(kStates[s])) + " " + found,
                 std::string(to_string(kStates[s])) + " " + std::string(kExpected[s]));
    }
}

void every_answer_is_recorded_and_every_timeout_noted() {
    const auto action = [](State in, Event on) { return cbc::find_row(kRows, in, on)->action; };
    CHECK_EQ(action(State::kWriting, Event::kWriteAnswered), Action::kRecordWrite);
    CHECK_EQ(action(State::kKilling, Event::kKillAnswered), Action::kRecordKill);
    CHECK_EQ(action(State::kAsking, Event::kStatusAnswered), Action::kRecordStatus);
    CHECK_EQ(action(State::kWriting, Event::kTimeout), Action::kNoteWriteTimeout);
    CHECK_EQ(action(State::kKilling, Event::kTimeout), Action::kNoteKillTimeout);
    CHECK_EQ(action(State::kAsking, Event::kTimeout), Action::kNoteStatusTimeout);
    CHECK_EQ(action(State::kPausing, Event::kTimeout), Action::kRelease);
    CHECK_EQ(action(State::kDeciding, Event::kNeedPause), Action::kArmRetry);
    for (const State state :
         {State::kWriting, State::kKilling, State::kAsking, State::kPausing, State::kSettled})
        CHECK_EQ(action(state, Event::kLinkDown), Action::kPark);
}

}  // namespace

GROUP(delivery_fsm, CASE(every_row_and_every_missing_row_is_as_drawn),
      CASE(every_answer_is_recorded_and_every_timeout_noted))
