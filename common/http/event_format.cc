// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/event_format.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace http {
namespace {

// Event names and ids are one line; a line break in them is dropped.
void add_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    std::copy_if(value.begin(), value.end(), std::back_inserter(out),
                 [](char c) { return c != '\n' && c != '\r' && c != '\0'; });
    out += '\n';
}

}  // namespace

std::string format_event(std::string_view event, std::string_view data, std::string_view id) {
    std::string out;
    out.reserve(data.size() + 64);
    if (!id.empty()) add_field(out, "id", id);
    if (!event.empty()) add_field(out, "event", event);
    while (true) {
        const size_t end = data.find('\n');
        add_field(out, "data", data.substr(0, end));
        if (end == std::string_view::npos) break;
        data.remove_prefix(end + 1);
    }
    return out += '\n';
}

std::string format_chunk(std::string_view data) {
    std::array<char, 16> size{};
    const auto end = std::to_chars(size.data(), size.data() + size.size(), data.size(), 16).ptr;
    std::string out(size.data(), end);
    return out.append("\r\n").append(data).append("\r\n");
}

base::Result<void> EventReader::feed(std::string_view octets, const OnEvent& on_event) {
    for (const char c : octets) {
        if (c == '\n' && std::exchange(after_cr_, false)) continue;
        after_cr_ = c == '\r';
        if (c == '\n' || c == '\r') {
            const std::string line = std::exchange(line_, {});
            end_line(line, on_event);
        } else {
            line_ += c;
            if (line_.size() + data_.size() > event_limit_) {
                return base::Error{base::ErrorKind::kLimit,
                                   "an event is larger than " + std::to_string(event_limit_) + " octets"};
            }
        }
    }
    return {};
}

void EventReader::end_line(std::string_view line, const OnEvent& on_event) {
    if (line.empty()) {
        const std::string event = std::exchange(event_, {});
        std::string data = std::exchange(data_, {});
        if (data.empty()) return;
        data.pop_back();  // the line end of the last data line
        on_event(event.empty() ? "message" : event, data, id_);
        return;
    }
    const size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "data") data_.append(value) += '\n';
    if (name == "event") event_ = value;
    if (name == "id") id_ = value;
}

}  // namespace http
