// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/log/sink.h"

#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include "common/log/format.h"

namespace logs {
namespace {

constexpr uint32_t kPerSecondMax = 10;  // lines of one event

constexpr std::array kLevels{Level::kError, Level::kWarning, Level::kNotice, Level::kInfo, Level::kDebug};

// systemd sets JOURNAL_STREAM=<device>:<inode> of the socket it gave us as stderr; a child whose stderr was
// redirected inherits the variable but not the socket.
bool is_journal(int fd) {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    if (stream == nullptr || fstat(fd, &status) != 0) return false;
    return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) == stream;
}

bool write_now(int fd, std::string_view line) {
    pollfd ready{fd, POLLOUT, 0};
    if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return false;
    return write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

bool send_to_journal(const Line& line) {
    const std::vector<std::string> fields = journal_fields(line);
    std::vector<iovec> parts;
    parts.reserve(fields.size());
    for (const std::string& field : fields) parts.push_back({const_cast<char*>(field.data()), field.size()});
    return sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0;
}

}  // namespace

std::string_view to_string(Level level) {
    switch (level) {
        case Level::kError:
            return "error";
        case Level::kWarning:
            return "warning";
        case Level::kNotice:
            return "notice";
        case Level::kInfo:
            return "info";
        case Level::kDebug:
            return "debug";
    }
    return "unknown";
}

base::Result<Level> parse_level(std::string_view word) {
    for (const Level level : kLevels)
        if (to_string(level) == word) return level;
    return base::invalid("\"" + std::string(word.substr(0, 40)) +
                         "\" is not a level; use error, warning, notice, info or debug");
}

Sink::Sink(SinkOptions options, const base::Clock& clock) : options_(std::move(options)), clock_(clock) {
    if (options_.format == Format::kAuto)
        options_.format = is_journal(options_.fd) ? Format::kJournal : Format::kText;
}

void Sink::set_levels(Levels levels) {
    std::lock_guard hold{mutex_};
    levels_ = std::move(levels);
}

Levels Sink::levels() const {
    std::lock_guard hold{mutex_};
    return levels_;
}

bool Sink::on(Level level, std::string_view event) const {
    if (options_.fd < 0) return false;
    const std::string_view category = event.substr(0, event.find('.'));
    std::lock_guard hold{mutex_};
    const auto at = levels_.categories.find(category);
    return level <= (at == levels_.categories.end() ? levels_.standard : at->second);
}

void Sink::write(Level level, std::string_view event, std::span<const Field> own,
                 std::span<const Field> more) {
    if (!on(level, event)) return;
    const base::Ticks now = clock_.ticks();
    std::lock_guard hold{mutex_};
    auto at = windows_.find(event);
    if (at == windows_.end()) at = windows_.emplace(std::string(event), Window{.begin = now}).first;
    Window& window = at->second;
    if (now - window.begin >= std::chrono::seconds{1}) {
        report_held_back(at->first, window);
        window = {.begin = now};
    }
    if (window.written == kPerSecondMax) {
        ++window.held_back;
        return;
    }
    ++window.written;
    emit(level, event, own, more);
}

void Sink::tick() {
    const base::Ticks now = clock_.ticks();
    std::lock_guard hold{mutex_};
    for (auto& [event, window] : windows_) {
        if (now - window.begin < std::chrono::seconds{1}) continue;
        report_held_back(event, window);
        window = {.begin = now};
    }
}

uint64_t Sink::dropped() const {
    std::lock_guard hold{mutex_};
    return dropped_;
}

void Sink::report_held_back(const std::string& event, Window& window) {
    if (window.held_back == 0) return;
    const std::array<Field, 2> fields{Field{"of", event}, Field{"count", window.held_back}};
    emit(Level::kWarning, "log.held_back", fields, {});
}

void Sink::emit(Level level, std::string_view event, std::span<const Field> own,
                std::span<const Field> more) {
    const Line line{clock_.now(), options_.daemon, level, event, own, more};
    bool taken = false;
    switch (options_.format) {
        case Format::kJournal:
            taken = send_to_journal(line);
            break;
        case Format::kJson:
            taken = write_now(options_.fd, json_line(line));
            break;
        case Format::kAuto:
        case Format::kText:
            taken = write_now(options_.fd, text_line(line));
            break;
    }
    if (!taken) ++dropped_;
}

}  // namespace logs
