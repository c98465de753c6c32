// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One log line in its three written forms. Pure: bytes from outside are escaped here, so that nobody can
// forge a line or a field.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/log/log.h"
#include "common/time/clock.h"

namespace logs {

struct Line {
    base::Instant time;
    std::string_view daemon;
    Level level;
    std::string_view event;
    std::span<const Field> own;   // of the Log
    std::span<const Field> more;  // of the call
};

// 2026-11-21T10:00:00.123456Z warning cbsp.write.refused peer=bsc-1 cause="cell identity not valid"
std::string text_line(const Line& line);
// {"time":…,"level":…,"daemon":…,"event":…,"peer":…}
std::string json_line(const Line& line);
// "PRIORITY=4", "MESSAGE=…", "MESSAGE_ID=…", "FAROL_EVENT=…", "FAROL_PEER=…" for sd_journal_sendv.
std::vector<std::string> journal_fields(const Line& line);

}  // namespace logs
