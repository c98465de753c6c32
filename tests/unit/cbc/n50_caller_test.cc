// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_caller.h"

#include "tests/support/fake_http.h"
#include "tests/support/fake_timers.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using http::Response;

struct Bench {
    explicit Bench(bool with_tokens = false)
        : tokens(N50Tokens::Parts{clock, http.call(), "http://nrf", "id"}, logs::Log::discard()),
          caller({timers, http.call(), with_tokens ? &tokens : nullptr, "CBCF-id"}, {}) {}

    void ask() {
        caller.ask(http::Method::kPost, "http://amf/x", "application/json", "{}",
                   [this](base::Result<Response> got) { answers.push_back(std::move(got)); });
    }
    void give_token(const std::string& value) {
        http.answer(200, R"({"access_token":")" + value + R"(","token_type":"Bearer","expires_in":100})");
    }
    int status() const {
        CHECK_EQ(answers.size(), 1U);
        return answers.front() ? answers.front()->status : 0;
    }

    base::FakeClock clock;
    test::FakeTimers timers{clock};
    test::FakeHttp http;
    N50Tokens tokens;
    N50Caller caller;
    std::vector<base::Result<Response>> answers;
};

Response moved(int status, const std::string& where) {
    return Response::empty(status).with_header("location", where);
}
Response later(int status, const std::string& seconds) {
    return Response::empty(status).with_header("retry-after", seconds);
}

void a_call_says_who_it_is_and_speaks_http2() {
    Bench bench;
    bench.ask();
    const http::ClientRequest& request = bench.http.first();
    CHECK(request.version == http::Version::kHttp2);
    CHECK_EQ(test::header_of(request, "user-agent"), "CBCF-id");
    CHECK_EQ(test::header_of(request, "authorization"), "");
    CHECK_EQ(test::header_of(request, "content-type"), "application/json");
    bench.http.answer(200);
    CHECK_EQ(bench.status(), 200);
}

void redirections_are_followed_three_times() {
    Bench bench;
    bench.ask();
    for (int i = 1; i <= 3; ++i)
        bench.http.answer(moved(i == 1 ? 308 : 307, "http://other/" + std::to_string(i)));
    CHECK_EQ(bench.http.first().url, "http://other/3");
    CHECK_EQ(bench.http.first().body, "{}");
    CHECK(bench.answers.empty());
    bench.http.answer(moved(307, "http://other/4"));
    CHECK_EQ(bench.status(), 307);
}

void a_redirection_to_another_scheme_or_to_nowhere_is_not_followed() {
    for (const char* where : {"https://amf/x", "", "ftp://amf"}) {
        Bench bench;
        bench.ask();
        bench.http.answer(moved(307, where));
        CHECK_EQ(bench.status(), 307);
    }
}

void a_token_is_asked_for_once_and_used_until_it_is_old() {
    Bench bench(true);
    bench.ask();
    bench.ask();
    CHECK_EQ(bench.http.waiting(), 1U);
    CHECK_EQ(bench.http.first().url, "http://nrf/oauth2/token");
    CHECK_EQ(bench.http.first().body,
             "grant_type=client_credentials&nfInstanceId=id&nfType=CBCF&targetNfType=AMF&scope="
             "namf-comm%20namf-comm%3Anon-ue-n2-messages");
    bench.give_token("one");
    CHECK_EQ(bench.http.waiting(), 2U);
    for (int i = 0; i < 2; ++i) {
        CHECK_EQ(test::header_of(bench.http.first(), "authorization"), "Bearer one");
        bench.http.answer(200);
    }
    bench.timers.advance(89s);
    bench.ask();
    CHECK_EQ(bench.http.first().url, "http://amf/x");
    bench.http.answer(200);
    bench.timers.advance(1s);
    bench.ask();
    CHECK_EQ(bench.http.first().url, "http://nrf/oauth2/token");
}

void a_token_that_is_refused_is_asked_for_anew_once() {
    Bench bench(true);
    bench.ask();
    bench.give_token("old");
    bench.http.answer(401);
    CHECK_EQ(bench.http.first().url, "http://nrf/oauth2/token");
    bench.give_token("new");
    CHECK_EQ(test::header_of(bench.http.first(), "authorization"), "Bearer new");
    bench.http.answer(401);
    CHECK_EQ(bench.status(), 401);
}

void without_a_token_the_call_is_not_made() {
    for (const int status : {400, 200}) {
        Bench bench(true);
        bench.ask();
        bench.http.answer(status, "{}");
        CHECK_EQ(bench.http.waiting(), 0U);
        CHECK(!bench.answers.front());
        CHECK(bench.answers.front().error().kind == base::ErrorKind::kUnavailable);
    }
}

void a_wait_that_is_short_is_granted_once() {
    for (const int status : {429, 503}) {
        Bench bench;
        bench.ask();
        bench.http.answer(later(status, "2"));
        CHECK_EQ(bench.http.waiting(), 0U);
        bench.timers.advance(2s);
        CHECK_EQ(bench.http.waiting(), 1U);
        bench.http.answer(later(status, "2"));
        CHECK_EQ(bench.status(), status);
    }
}

void a_wait_that_is_long_or_is_no_number_is_told() {
    for (const char* wait : {"60", "Sun, 06 Nov 1994 08:49:37 GMT", "-1", ""}) {
        Bench bench;
        bench.ask();
        bench.http.answer(later(503, wait));
        CHECK_EQ(bench.status(), 503);
    }
}

void a_caller_that_goes_takes_its_calls_with_it() {
    base::FakeClock clock;
    test::FakeTimers timers{clock};
    test::FakeHttp http;
    int answers = 0;
    {
        N50Caller caller({timers, http.call(), nullptr, ""}, {});
        for (int i = 0; i < 2; ++i)
            caller.ask(http::Method::kGet, "http://amf/x", "", "", [&](const auto&) { ++answers; });
        http.answer(later(429, "1"));
    }
    http.answer(200);
    timers.advance(2s);
    CHECK_EQ(answers, 0);
    CHECK_EQ(http.waiting(), 0U);
}

}  // namespace

GROUP(n50_caller, CASE(a_call_says_who_it_is_and_speaks_http2), CASE(redirections_are_followed_three_times),
      CASE(a_redirection_to_another_scheme_or_to_nowhere_is_not_followed),
      CASE(a_token_is_asked_for_once_and_used_until_it_is_old),
      CASE(a_token_that_is_refused_is_asked_for_anew_once), CASE(without_a_token_the_call_is_not_made),
      CASE(a_wait_that_is_short_is_granted_once), CASE(a_wait_that_is_long_or_is_no_number_is_told),
      CASE(a_caller_that_goes_takes_its_calls_with_it))
