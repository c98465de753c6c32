// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The server's session against nghttp2 as a client, without sockets and with time in the test's hand.
#include "common/http2/session.h"

#include "tests/support/h2_client.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using http::Access;
using http::Method;
using http2::Arrived;
using test::H2Client;

// A client and a session that are joined by hand.
struct Both {
    explicit Both(http2::Limits wanted = {}) : limits(wanted) {
        router.add({Method::kPost, "/echo/{name}", Access::anybody(), 100'000, ignore});
        router.add({Method::kGet, "/page", Access::anybody(), 0, ignore});
        router.add({Method::kGet, "/secret", Access::role({"admin"}), 0, ignore});
        session.emplace(router, limits, http::Peer{}, now);
    }
    static void ignore(const http::Request&, http::ResponderPtr) {}

    // Octets go to and fro until both are silent.
    void talk() {
        while (true) {
            const std::string there = client.take();
            if (!there.empty()) fed = session->feed(base::as_bytes(there), now);
            for (Arrived& one : session->take_requests()) arrived.push_back(std::move(one));
            const std::string back = session->output(SIZE_MAX);
            if (there.empty() && back.empty()) return;
            client.feed(back);
        }
    }
    void begin() {
        client.greet();
        talk();
    }
    void pass(std::chrono::microseconds time) {
        now += time;
        session->tick(now);
        talk();
    }
    H2Client::Answer asked(std::string_view method, std::string_view path, std::string body = {}) {
        const int32_t stream = client.ask(method, path, std::move(body));
        talk();
        return client.answer(stream);
    }
    void answer_all(int status = 204) {
        for (const Arrived& one : std::exchange(arrived, {}))
            session->respond(one.stream, http::Response::empty(status), now);
        talk();
    }

    http2::Limits limits;
    http::Router router;
    base::Ticks now{1s};
    std::optional<http2::Session> session;
    H2Client client;
    std::vector<Arrived> arrived;
    base::Result<void> fed;
};

void a_request_comes_whole_and_its_answer_goes_back() {
    Both both;
    both.begin();
    const std::string body(90'000, 'x');
    const int32_t stream = both.client.ask("POST", "/echo/a%20b?c=d", body, H2Client::Then::kEnd,
                                           {{"content-type", "text/plain"}});
    both.talk();
    CHECK_EQ(both.arrived.size(), 1U);
    const http::Request& request = both.arrived[0].request;
    CHECK(request.method == Method::kPost);
    CHECK_EQ(request.path, "/echo/a b");
    CHECK_EQ(request.parameter("name"), "a b");
    CHECK_EQ(*request.query_value("c"), "d");
    CHECK_EQ(*request.header("content-type"), "text/plain");
    CHECK_EQ(*request.header("host"), "farol.test");
    CHECK(request.body == body);
    both.session->respond(stream, http::Response::text(201, request.body), both.now);
    both.talk();
    CHECK_EQ(both.client.answer(stream).status, "201");
    CHECK(both.client.answer(stream).body == body);
    CHECK(both.client.answer(stream).ended);
    CHECK_EQ(both.session->streams(), 0U);
}

void answers_may_come_in_another_order() {
    Both both;
    both.begin();
    const int32_t first = both.client.ask("GET", "/page");
    const int32_t second = both.client.ask("GET", "/page");
    both.talk();
    CHECK_EQ(both.arrived.size(), 2U);
    both.session->respond(second, http::Response::text(200, "2"), both.now);
    both.talk();
    CHECK_EQ(both.client.answer(second).body, "2");
    CHECK(!both.client.answer(first).ended);
    both.session->respond(first, http::Response::text(200, "1"), both.now);
    both.talk();
    CHECK_EQ(both.client.answer(first).body, "1");
}

void a_head_request_gets_no_body() {
    Both both;
    both.begin();
    const int32_t stream = both.client.ask("HEAD", "/page");
    both.talk();
    both.session->respond(stream, http::Response::text(200, "12345"), both.now);
    both.talk();
    CHECK_EQ(both.client.answer(stream).status, "200");
    CHECK_EQ(both.client.answer(stream).body, "");
    CHECK(both.client.answer(stream).ended);
}

void what_no_route_takes_is_refused_before_its_body() {
    Both both;
    both.begin();
    CHECK_EQ(both.asked("GET", "/nothing").status, "404");
    CHECK_EQ(both.asked("POST", "/page", "x").status, "405");
    CHECK_EQ(both.asked("GET", "/a/../b").status, "400");
    CHECK_EQ(both.asked("TRACE", "/page").status, "501");
    CHECK_EQ(both.asked("GET", "/secret").status, "401");
    CHECK(both.arrived.empty());
}

void a_body_beyond_the_routes_limit_is_refused() {
    Both both;
    both.begin();
    const auto answer = both.asked("POST", "/echo/a", std::string(100'001, 'x'));
    CHECK_EQ(answer.status, "413");
    CHECK(both.arrived.empty());
    CHECK_EQ(both.asked("POST", "/echo/a", std::string(100'000, 'x')).status, "");
    CHECK_EQ(both.arrived.size(), 1U);
}

void a_head_that_is_too_large_is_refused() {
    Both both;
    both.begin();
    const int32_t stream =
        both.client.ask("GET", "/page", {}, H2Client::Then::kEnd, {{"x", std::string(16 * 1024, 'x')}});
    both.talk();
    CHECK_EQ(both.client.answer(stream).status, "431");
    std::vector<std::pair<std::string, std::string>> many(101, {"x", "y"});
    const int32_t other = both.client.ask("GET", "/page", {}, H2Client::Then::kEnd, many);
    both.talk();
    CHECK_EQ(both.client.answer(other).status, "431");
}

void all_bodies_together_are_bounded() {
    Both both({.body_octets = 50'000});
    both.begin();
    const int32_t one =
        both.client.ask("POST", "/echo/a", std::string(40'000, 'x'), H2Client::Then::kKeepOpen);
    both.talk();
    const int32_t two = both.client.ask("POST", "/echo/b", std::string(20'000, 'x'));
    both.talk();
    CHECK_EQ(*both.client.answer(two).reset, uint32_t{NGHTTP2_ENHANCE_YOUR_CALM});
    both.client.cancel(one);
    both.talk();
    CHECK_EQ(both.asked("POST", "/echo/c", std::string(20'000, 'x')).status, "");
    CHECK_EQ(both.arrived.size(), 1U);
}

void more_streams_than_allowed_wait_at_the_client() {
    Both both({.streams = 2});
    both.begin();
    for (int i = 0; i < 5; ++i) both.client.ask("GET", "/page");
    both.talk();
    CHECK_EQ(both.arrived.size(), 2U);
    both.answer_all();
    CHECK_EQ(both.arrived.size(), 2U);
    both.answer_all();
    CHECK_EQ(both.arrived.size(), 1U);
}

void who_takes_back_what_he_asks_too_often_is_sent_away() {
    Both both({.errors = 10, .errors_per_second = 1});
    both.begin();
    const auto ask_and_cancel = [&] {
        const int32_t stream = both.client.ask("GET", "/page");
        both.talk();
        both.client.cancel(stream);
        both.talk();
    };
    for (int i = 0; i < 10; ++i) ask_and_cancel();
    CHECK(!both.client.goaway());
    both.now += 3s;
    for (int i = 0; i < 3; ++i) ask_and_cancel();
    CHECK(!both.client.goaway());
    ask_and_cancel();
    CHECK_EQ(*both.client.goaway(), uint32_t{NGHTTP2_ENHANCE_YOUR_CALM});
    CHECK(both.session->finished());
}

void a_request_that_was_taken_back_is_answered_to_nobody() {
    Both both;
    both.begin();
    const int32_t stream = both.client.ask("GET", "/page");
    both.talk();
    both.client.cancel(stream);
    both.talk();
    both.answer_all();
    CHECK_EQ(both.client.answer(stream).status, "");
    CHECK_EQ(both.asked("GET", "/nothing").status, "404");
}

void a_peer_that_does_not_greet_is_sent_away() {
    Both both;
    (void)both.session->output(SIZE_MAX);
    both.now += 10s;
    both.session->tick(both.now);
    CHECK(!both.session->output(SIZE_MAX).empty());  // GOAWAY
    CHECK(both.session->finished());
}

void a_request_that_is_not_finished_in_time_gets_408() {
    Both both;
    both.begin();
    const int32_t stream = both.client.ask("POST", "/echo/a", "x", H2Client::Then::kKeepOpen);
    both.talk();
    both.pass(29s);
    CHECK_EQ(both.client.answer(stream).status, "");
    both.pass(1s);
    CHECK_EQ(both.client.answer(stream).status, "408");
    CHECK_EQ(*both.client.answer(stream).reset, uint32_t{NGHTTP2_NO_ERROR});
    CHECK_EQ(both.session->streams(), 0U);
}

void an_answer_that_is_not_taken_in_time_is_given_up() {
    Both both;
    both.client.greet();
    const nghttp2_settings_entry small{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 10};
    nghttp2_submit_settings(both.client.raw(), NGHTTP2_FLAG_NONE, &small, 1);
    both.talk();
    const int32_t stream = both.client.ask("GET", "/page");
    (void)both.session->feed(base::as_bytes(both.client.take()), both.now);
    CHECK_EQ(both.session->take_requests().size(), 1U);
    both.session->respond(stream, http::Response::text(200, std::string(100, 'x')), both.now);
    (void)both.session->output(SIZE_MAX);  // ten octets; the client says nothing any more
    both.now += 30s;
    both.session->tick(both.now);
    both.client.feed(both.session->output(SIZE_MAX));
    CHECK_EQ(both.session->streams(), 0U);
}

void an_idle_connection_is_ended_in_order() {
    Both both;
    both.begin();
    both.pass(200s);
    CHECK_EQ(both.asked("GET", "/nothing").status, "404");
    both.pass(299s);
    CHECK(!both.client.goaway());
    both.pass(1s);
    CHECK_EQ(*both.client.goaway(), uint32_t{NGHTTP2_NO_ERROR});
    CHECK(both.session->finished());
}

void going_away_ends_after_what_was_asked() {
    Both both;
    both.begin();
    const int32_t stream = both.client.ask("GET", "/page");
    both.talk();
    both.session->go_away();
    both.talk();
    CHECK_EQ(*both.client.goaway(), uint32_t{NGHTTP2_NO_ERROR});
    CHECK(!both.session->finished());
    both.answer_all(200);
    CHECK_EQ(both.client.answer(stream).status, "200");
    CHECK(both.session->finished());
}

void who_speaks_something_else_is_an_error() {
    Both both;
    const auto fed = both.session->feed(base::as_bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), both.now);
    CHECK(!fed);
    CHECK(both.session->finished());
}

void however_octets_are_cut_the_same_request_comes() {
    Both both;
    both.client.greet();
    both.client.ask("POST", "/echo/a", "body");
    for (const char octet : both.client.take())
        CHECK_OK(both.session->feed(base::as_bytes(std::string_view(&octet, 1)), both.now));
    const auto arrived = both.session->take_requests();
    CHECK_EQ(arrived.size(), 1U);
    CHECK_EQ(arrived[0].request.body, "body");
}

}  // namespace

GROUP(http2_session, CASE(a_request_comes_whole_and_its_answer_goes_back),
      CASE(answers_may_come_in_another_order), CASE(a_head_request_gets_no_body),
      CASE(what_no_route_takes_is_refused_before_its_body), CASE(a_body_beyond_the_routes_limit_is_refused),
      CASE(a_head_that_is_too_large_is_refused), CASE(all_bodies_together_are_bounded),
      CASE(more_streams_than_allowed_wait_at_the_client),
      CASE(who_takes_back_what_he_asks_too_often_is_sent_away),
      CASE(a_request_that_was_taken_back_is_answered_to_nobody),
      CASE(a_peer_that_does_not_greet_is_sent_away), CASE(a_request_that_is_not_finished_in_time_gets_408),
      CASE(an_answer_that_is_not_taken_in_time_is_given_up), CASE(an_idle_connection_is_ended_in_order),
      CASE(going_away_ends_after_what_was_asked), CASE(who_speaks_something_else_is_an_error),
      CASE(however_octets_are_cut_the_same_request_comes))
