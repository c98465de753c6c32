// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Logging: an event name and fields, no prose to parse.
//
//     log.warning("cbsp.write.refused", {{"peer", name}, {"cause", "cell identity not valid"}});
//
// goes to journald as FAROL_EVENT=cbsp.write.refused, FAROL_PEER=… when the daemon runs under systemd, to a
// terminal as one readable line, and as one JSON object a line on request. The category is the event's first
// word ("cbsp"); its level can be changed at run time. More than 10 of the same event in a second are
// counted, not written. Event names are stable; doc/log-events.md says what the operator should do about
// each.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logs {

// error: someone must act. warning: degraded, we cope. notice: the state of the system changed. info: one
// line a transaction. debug: bytes and steps.
enum class Level { kError, kWarning, kNotice, kInfo, kDebug };
std::string_view to_string(Level level);

struct Field {
    std::string name;  // lower_snake_case; FAROL_ and upper case are added for journald
    std::string value;
    Field(std::string_view n, std::string_view v) : name(n), value(v) {}
    Field(std::string_view n, const char* v) : name(n), value(v) {}
    Field(std::string_view n, const std::string& v) : name(n), value(v) {}
    template <class Number>
    requires std::is_arithmetic_v<Number> Field(std::string_view n, Number v)
        : name(n), value(std::to_string(v)) {}
};

class Sink;  // where lines go and which levels are on; shared by all Logs of a process

// A cheap value: copies share the sink. with() gives one that already carries fields (peer, alert_id,
// request_id).
class Log {
 public:
    explicit Log(std::shared_ptr<Sink> sink) : sink_(std::move(sink)) {}
    static Log discard();  // for tests

    Log with(std::initializer_list<Field> fields) const;

    void error(std::string_view event, std::initializer_list<Field> fields = {}) const;
    void warning(std::string_view event, std::initializer_list<Field> fields = {}) const;
    void notice(std::string_view event, std::initializer_list<Field> fields = {}) const;
    void info(std::string_view event, std::initializer_list<Field> fields = {}) const;
    void debug(std::string_view event, std::initializer_list<Field> fields = {}) const;
    void write(Level level, std::string_view event, std::initializer_list<Field> fields) const;

 private:
    std::shared_ptr<Sink> sink_;
    std::vector<Field> fields_;
};

}  // namespace logs
