// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Server-sent events as text, both directions (HTML Living Standard §9.2.5, §9.2.6). Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace http {

// One event, with an empty line at its end. Each line of `data` gets its own "data:".
std::string format_event(std::string_view event, std::string_view data, std::string_view id);

inline constexpr std::string_view kHeartbeat = ": \n\n";

// One chunk of a chunked body.
std::string format_chunk(std::string_view data);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// Reads a stream back, however its octets are cut.
class EventReader {
 public:
    using OnEvent = std::function<void(std::string_view event, std::string_view data, std::string_view id)>;
    explicit EventReader(size_t event_limit) : event_limit_(event_limit) {}

    // kLimit when one event is larger than the limit.
    base::Result<void> feed(std::string_view octets, const OnEvent& on_event);

 private:
    void end_line(std::string_view line, const OnEvent& on_event);

    size_t event_limit_;
    std::string line_;
    std::string event_;
    std::string data_;
    std::string id_;
    bool after_cr_ = false;  // a LF that follows belongs to the same line end
};

}  // namespace http
