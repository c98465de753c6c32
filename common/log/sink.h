// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Where log lines go, and which levels are on. One per process, shared by all its Logs, from any thread.
//
// Under systemd (stderr is the journal's socket, $JOURNAL_STREAM) a line is a journal entry with FAROL_*
// fields; else it is readable text on stderr, or a JSON object when that was asked for. A reader that does
// not keep up loses lines, counted, and never holds the daemon.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/time/clock.h"

namespace logs {

enum class Format { kAuto, kJournal, kText, kJson };
inline constexpr std::array<std::string_view, 4> kFormatNames{"auto", "journal", "text", "json"};

base::Result<Level> parse_level(std::string_view word);

struct Levels {
    Level standard = Level::kInfo;
    std::map<std::string, Level, std::less<>> categories;  // the first word of an event: "cbsp"
};

struct SinkOptions {
    std::string daemon;  // the folder name: "cbc"
    Format format = Format::kAuto;
    int fd = 2;  // stays the caller's; -1: lines are discarded
};

class Sink {
 public:
    // clock outlives the sink.
    Sink(SinkOptions options, const base::Clock& clock);

    void set_levels(Levels levels);
    Levels levels() const;
    bool on(Level level, std::string_view event) const;

    // The fields of the Log, then those of the call.
    void write(Level level, std::string_view event, std::span<const Field> own, std::span<const Field> more);

    // Once a second: writes how often each event was held back in the second before.
    void tick();

    Format format() const { return options_.format; }
    uint64_t dropped() const;  // lines that the reader of the terminal or pipe did not take

 private:
    struct Window {  // of one event name
        base::Ticks begin;
        uint32_t written = 0;
        uint64_t held_back = 0;
    };
    void emit(Level level, std::string_view event, std::span<const Field> own, std::span<const Field> more);
    void report_held_back(const std::string& event, Window& window);

    SinkOptions options_;
    const base::Clock& clock_;
    mutable std::mutex mutex_;  // guards all below
    Levels levels_;
    std::map<std::string, Window, std::less<>> windows_;
    uint64_t dropped_ = 0;
};

}  // namespace logs
