// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The pure parts that read requests: target, head, body, cookies.
#include "common/http/body_reader.h"
#include "common/http/head_parser.h"
#include "common/http/target.h"
#include "tests/support/test.h"

namespace {

using http::BodyKind;
using http::KeepAlive;

std::string describe(std::string_view target) {
    const auto parsed = http::parse_target(target);
    if (!parsed) return std::to_string(parsed.error().status);
    std::string out = parsed->path;
    for (const auto& [name, value] : parsed->query) out += "|" + name + "=" + value;
    return out;
}

void targets_are_decoded() {
    struct Row {
        const char* target;
        const char* read;
    };
    for (const Row& row : {Row{"/", "/"}, Row{"/a/b", "/a/b"}, Row{"/caf%C3%A9", "/caf\xc3\xa9"},
                           Row{"/a+b", "/a+b"}, Row{"/a?x=1&y=a+b%26c&z", "/a|x=1|y=a b&c|z="},
                           Row{"/a?", "/a"}, Row{"/a?&&x=1=2", "/a|x=1=2"}, Row{"/a?q=%2F..", "/a|q=/.."},
                           Row{"http://host/a?b=c", "/a|b=c"}, Row{"http://host", "/"}, Row{"/...", "/..."}})
        CHECK_EQ(describe(row.target), row.read);
}

void targets_with_two_readings_are_refused() {
    for (const char* target :
         {"", "a", "*", "/%", "/%4", "/%zz", "/a%2fb", "/a%2Fb", "/a%5Cb", "/a\\b", "/..", "/a/../b", "/a/.",
          "/%2e%2e/x", "/a%00", "/a%0a", "/?a=%g0", "host:443"})
        CHECK_EQ(describe(target), "400");
    std::string many = "/?";
    for (int i = 0; i < 101; ++i) many += "a&";
    CHECK_EQ(describe(many), "400");
}

http::Head head_of(std::string_view octets) {
    const auto end = http::find_head_end(octets);
    CHECK(end.has_value());
    auto head = http::parse_head(octets.substr(0, *end));
    if (!head) test::fail_at(__FILE__, __LINE__, head.error().text);
    return std::move(*head);
}

void a_head_becomes_values() {
    const auto head = head_of(
        "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX-Thing:  two words \r\nContent-Length: 12\r\n"
        "Cookie: a=1; __Host-farol-cbe=abc=; b=2\r\nExpect: 100-Continue\r\n\r\n");
    CHECK(head.request.method == http::Method::kPost);
    CHECK_EQ(head.request.path, "/a");
    CHECK_EQ(*head.request.query_value("b"), "c");
    CHECK_EQ(*head.request.header("x-thing"), "two words");
    CHECK_EQ(*head.request.cookie("__Host-farol-cbe"), "abc=");
    CHECK_EQ(*head.request.cookie("b"), "2");
    CHECK(!head.request.cookie("c"));
    CHECK(head.body == BodyKind::kLength);
    CHECK_EQ(head.content_length, 12U);
    CHECK(head.expectation == http::Expectation::kContinue);
    CHECK(head.keep_alive == KeepAlive::kYes);
}

void versions_decide_whether_the_connection_is_kept() {
    CHECK(head_of("GET / HTTP/1.0\r\n\r\n").keep_alive == KeepAlive::kNo);
    CHECK(head_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive == KeepAlive::kYes);
    CHECK(head_of("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").keep_alive == KeepAlive::kNo);
}

void every_truncation_of_a_head_waits_for_more() {
    const std::string whole = "GET /a?b=c HTTP/1.1\r\nHost: h\r\nX: y\r\n\r\n";
    CHECK_EQ(*http::find_head_end(whole), whole.size());
    for (size_t i = 0; i < whole.size(); ++i) {
        CHECK(!http::find_head_end(std::string_view(whole).substr(0, i)));
        CHECK(!http::parse_head(std::string_view(whole).substr(0, i)));  // and is refused, not believed
    }
}

struct Read {
    std::string body;
    size_t used = 0;
    int refused = 0;
};

Read read_chunked(std::string_view octets, size_t piece, size_t limit = 1000) {
    http::Head head;
    head.body = BodyKind::kChunked;
    http::BodyReader reader(head, limit);
    Read out;
    while (out.used < octets.size() && !reader.done()) {
        const auto taken = reader.feed(octets.substr(out.used, piece));
        if (!taken) {
            out.refused = taken.error().status;
            return out;
        }
        out.used += *taken;
    }
    if (!reader.done()) out.refused = -1;
    out.body = reader.take();
    return out;
}

void chunks_are_read_however_they_are_cut() {
    const std::string octets = "5 \t\r\nhello\r\nA;name=\"v\"\r\n0123456789\r\n000\r\nTrailer: x\r\n\r\nNEXT";
    for (size_t piece = 1; piece <= octets.size(); ++piece) {
        const Read read = read_chunked(octets, piece);
        CHECK_EQ(read.refused, 0);
        CHECK_EQ(read.body, "hello0123456789");
        CHECK_EQ(read.used, octets.size() - 4);  // what follows is not the body's
    }
}

void every_truncation_of_chunks_waits_for_more() {
    const std::string octets = "5\r\nhello\r\n0\r\n\r\n";
    for (size_t i = 0; i < octets.size(); ++i)
        CHECK_EQ(read_chunked(std::string_view(octets).substr(0, i), 3).refused, -1);
}

void malformed_chunks_are_refused() {
    for (const char* octets : {"x\r\n", "\r\n", "5 x\r\nhello\r\n", "5\nhello", "5\r\nhelloo\r\n", "-1\r\n",
                               "+1\r\n", "0x1\r\n", "1g\r\n", "5\r\nhello0\r\n\r\n", "0\r\nTrailer\n\r\n"})
        CHECK_EQ(read_chunked(octets, 4).refused, 400);
    CHECK_EQ(read_chunked("1;" + std::string(2000, 'x'), 100).refused, 400);
    std::string trailer = "0\r\n";
    for (int i = 0; i < 100; ++i) trailer += "A: " + std::string(200, 'x') + "\r\n";
    CHECK_EQ(read_chunked(trailer, 100).refused, 400);
}

void chunks_beyond_the_limit_are_refused() {
    CHECK_EQ(read_chunked("5\r\nhello\r\n0\r\n\r\n", 100, 5).refused, 0);
    CHECK_EQ(read_chunked("5\r\nhello\r\n1\r\n", 100, 5).refused, 413);
    CHECK_EQ(read_chunked("ffffffffffffffff\r\n", 100).refused, 413);
    CHECK_EQ(read_chunked("fffffffffffffffff\r\n", 100).refused, 400);
}

void a_body_of_a_length_leaves_the_rest() {
    http::Head head;
    head.body = BodyKind::kLength;
    head.content_length = 3;
    http::BodyReader reader(head, 10);
    CHECK_EQ(*reader.feed("a"), 1U);
    CHECK_EQ(*reader.feed("bcde"), 2U);
    CHECK(reader.done());
    CHECK_EQ(reader.take(), "abc");
    CHECK(http::BodyReader().done());
}

}  // namespace

GROUP(http_parsing, CASE(targets_are_decoded), CASE(targets_with_two_readings_are_refused),
      CASE(a_head_becomes_values), CASE(versions_decide_whether_the_connection_is_kept),
      CASE(every_truncation_of_a_head_waits_for_more), CASE(chunks_are_read_however_they_are_cut),
      CASE(every_truncation_of_chunks_waits_for_more), CASE(malformed_chunks_are_refused),
      CASE(chunks_beyond_the_limit_are_refused), CASE(a_body_of_a_length_leaves_the_rest))
