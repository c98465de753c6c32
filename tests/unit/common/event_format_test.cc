// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/http/event_format.h"

#include <vector>

#include "common/http/response_head.h"
#include "tests/support/test.h"

namespace {

std::vector<std::string> read(std::string_view text, size_t piece) {
    std::vector<std::string> out;
    http::EventReader reader(1000);
    for (size_t at = 0; at < text.size(); at += piece) {
        CHECK_OK(reader.feed(text.substr(at, piece), [&](auto event, auto data, auto id) {
            out.push_back(std::string(event) + "|" + std::string(data) + "|" + std::string(id));
        }));
    }
    return out;
}

void an_event_is_lines_and_an_empty_one() {
    CHECK_EQ(http::format_event("alert", "a\nb", "7"), "id: 7\nevent: alert\ndata: a\ndata: b\n\n");
    CHECK_EQ(http::format_event("", "", ""), "data: \n\n");
}

void a_line_break_cannot_make_a_field() {
    CHECK_EQ(http::format_event("a\nid: 9", "x\r", "1\r\n2"), "id: 12\nevent: aid: 9\ndata: x\n\n");
}

void what_is_written_is_read_back_however_it_is_cut() {
    const std::string text = http::format_event("alert", "{\"a\": 1}\nsecond", "7") +
                             std::string(http::kHeartbeat) + http::format_event("", "only data", "") +
                             "data: crlf\r\nevent: other\r\n\r\n" + "data: never ended\n";
    for (size_t piece = 1; piece <= text.size(); ++piece) {
        const auto events = read(text, piece);
        CHECK_EQ(events.size(), 3U);
        CHECK_EQ(events[0], "alert|{\"a\": 1}\nsecond|7");
        CHECK_EQ(events[1], "message|only data|7");  // the last id stays
        CHECK_EQ(events[2], "other|crlf|7");
    }
}

void an_endless_event_is_refused() {
    http::EventReader reader(100);
    const auto ignore = [](auto, auto, auto) {};
    CHECK_OK(reader.feed("data: " + std::string(50, 'x') + "\n", ignore));
    CHECK(!reader.feed("data: " + std::string(50, 'x') + "\n", ignore));
    http::EventReader line(100);
    CHECK(!line.feed(std::string(200, 'x'), ignore));
}

void chunks_carry_their_size() {
    CHECK_EQ(http::format_chunk("0123456789abcdef"), "10\r\n0123456789abcdef\r\n");
}

void a_response_cannot_be_split_by_a_value() {
    auto response = http::Response::empty(204).with_header("location", "/a\r\nset-cookie: x=1");
    const std::string head = http::response_head(response, {});
    CHECK(head.find("location: /aset-cookie: x=1\r\n") != std::string::npos);
    CHECK(head.find("content-length") == std::string::npos);
}

void dates_are_in_the_form_of_the_rfc() {
    CHECK_EQ(http::http_date(base::Instant{std::chrono::seconds{784111777}}),
             "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace

GROUP(event_format, CASE(an_event_is_lines_and_an_empty_one), CASE(a_line_break_cannot_make_a_field),
      CASE(what_is_written_is_read_back_however_it_is_cut), CASE(an_endless_event_is_refused),
      CASE(chunks_carry_their_size), CASE(a_response_cannot_be_split_by_a_value),
      CASE(dates_are_in_the_form_of_the_rfc))
