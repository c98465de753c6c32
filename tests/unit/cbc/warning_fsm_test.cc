// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/warning_fsm.h"

#include <string>

#include "tests/support/test.h"

namespace {

using namespace cbc::warning_fsm;

// One line per state; one letter per event in the order of kEvents, of the state that follows; "." no row.
//   events: T for training, Y not yet due, D due, O over, S start reached, E end reached, X stop,
//           A first accepted, N none accepted, F all off, Z forget
constexpr std::string_view kExpected[] = {
    // TYDOSEXANFZ
    "tcse..p....",  // new
    ".cs.sep....",  // scheduled
    ".cs..epb...",  // sending
    ".cb..ep.s..",  // broadcasting
    ".cs...p..df",  // ending
    ".cs...p...f",  // ended
    ".........of",  // stopping
    "..........f",  // stopped
    "t.....o...f",  // training
    "...........",  // forgotten
};
constexpr std::string_view kLetters = "ncsbedpotf";  // in the order of kStates

void every_row_and_every_missing_row_is_as_drawn() {
    for (size_t s = 0; s < kStates.size(); ++s) {
        std::string found;
        for (const Event event : kEvents) {
            const auto* row = cbc::find_row(kRows, kStates[s], event);
            found += row == nullptr ? '.' : kLetters[static_cast<size_t>(row->to)];
        }
        const std::string expected{kExpected[s]};
        CHECK_EQ(std::string(to_string(kStates[s])) + " " + found,
                 std::string(to_string(kStates[s])) + " " + expected);
    }
}

void whatever_leaves_the_air_is_put_off_and_whatever_goes_on_it_put_on() {
    for (const auto& row : kRows) {
        if (row.to == State::kStopping || row.to == State::kEnding) CHECK_EQ(row.action, Action::kPutOff);
        if (row.on == Event::kDue) CHECK_EQ(row.action, Action::kPutOn);
    }
}

}  // namespace

GROUP(warning_fsm, CASE(every_row_and_every_missing_row_is_as_drawn),
      CASE(whatever_leaves_the_air_is_put_off_and_whatever_goes_on_it_put_on))
