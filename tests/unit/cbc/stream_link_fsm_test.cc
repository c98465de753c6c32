// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/stream_link_fsm.h"

#include <string>

#include "tests/support/test.h"

namespace {

using namespace cbc::stream_link_fsm;

// One line per state; one letter per event in the order of kEvents, of the state that follows; "." no row.
//   events: C connect, O opened, R restart seen, T timeout, N need reset, K keep warnings, S reset complete,
//           F reset failed, X closed
constexpr std::string_view kExpected[] = {
    // CORTNKSFX
    "ca.......",  // down
    ".a.d....d",  // connecting
    "..ee....d",  // await restart
    "....ru..d",  // deciding
    "..rd..uud",  // resetting
    "..ud....d",  // ready
};
constexpr std::string_view kLetters = "dcaeru";  // in the order of kStates

void every_row_and_every_missing_row_is_as_drawn() {
    for (size_t s = 0; s < kStates.size(); ++s) {
        std::string found;
        for (const Event event : kEvents) {
            const auto* row = cbc::find_row(kRows, kStates[s], event);
            found += row == nullptr ? '.' : kLetters[static_cast<size_t>(row->to)];
        }
        CHECK_EQ(std::to_string(s) + " " + found, std::to_string(s) + " " + std::string(kExpected[s]));
    }
}

void a_reset_is_sent_only_when_no_live_warning_is_there() {
    CHECK_EQ(cbc::find_row(kRows, State::kDeciding, Event::kNeedReset)->action, Action::kSendReset);
    CHECK_EQ(cbc::find_row(kRows, State::kDeciding, Event::kKeepWarnings)->action, Action::kAnnounce);
    for (const auto& row : kRows)
        if (row.action == Action::kSendReset) CHECK_EQ(row.on, Event::kNeedReset);
}

}  // namespace

GROUP(stream_link_fsm, CASE(every_row_and_every_missing_row_is_as_drawn),
      CASE(a_reset_is_sent_only_when_no_live_warning_is_there))
