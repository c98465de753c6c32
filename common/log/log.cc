// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/log/log.h"

#include "common/log/sink.h"

namespace logs {

Log Log::discard() {
    static constexpr int kNowhere = -1;
    static const base::SystemClock clock;  // stateless
    return Log(std::make_shared<Sink>(SinkOptions{"test", Format::kText, kNowhere}, clock));
}

Log Log::with(std::initializer_list<Field> fields) const {
    Log more = *this;
    more.fields_.insert(more.fields_.end(), fields.begin(), fields.end());
    return more;
}

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) const {
    sink_->write(level, event, fields_, std::span<const Field>(fields.begin(), fields.size()));
}

void Log::error(std::string_view event, std::initializer_list<Field> fields) const {
    write(Level::kError, event, fields);
}

void Log::warning(std::string_view event, std::initializer_list<Field> fields) const {
    write(Level::kWarning, event, fields);
}

void Log::notice(std::string_view event, std::initializer_list<Field> fields) const {
    write(Level::kNotice, event, fields);
}

void Log::info(std::string_view event, std::initializer_list<Field> fields) const {
    write(Level::kInfo, event, fields);
}

void Log::debug(std::string_view event, std::initializer_list<Field> fields) const {
    write(Level::kDebug, event, fields);
}

}  // namespace logs
