// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The client against our own server, both on one loop.
#include "common/http/client.h"

#include <optional>

#include "common/http/server.h"
#include "tests/support/certs.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using http::Access;
using http::ClientRequest;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;

struct Both {
    explicit Both(std::shared_ptr<tls::ServerContext> tls = nullptr, std::optional<tls::Files> files = {})
        : loop(std::move(*loop::Loop::create())),
          server(std::make_unique<http::Server>(*loop, router, http::Limits{}, logs::Log::discard())),
          client(std::make_unique<http::Client>(*loop, std::move(files))),
          scheme(tls ? "https" : "http") {
        const auto bound = server->listen({"127.0.0.1", 0}, std::move(tls));
        CHECK_OK(bound);
        port = bound->port;
        router.add({Method::kPost, "/echo", Access::anybody(), 100'000,
                    [](const Request& request, ResponderPtr responder) {
                        responder->respond(Response::text(201, request.body)
                                               .with_header("x-kind", *request.header("content-type")));
                    }});
        router.add({Method::kGet, "/who", Access::role({"cbe"}), 0,
                    [](const Request& request, ResponderPtr responder) {
                        responder->respond(Response::text(200, request.peer.certificate_uri));
                    }});
        router.add({Method::kGet, "/large", Access::anybody(), 0, [](const Request&, ResponderPtr responder) {
                        responder->respond(Response::text(200, std::string(100'000, 'x')));
                    }});
        router.add(
            {Method::kGet, "/never", Access::anybody(), 0,
             [this](const Request&, ResponderPtr responder) { never.push_back(std::move(responder)); }});
        router.add(
            {Method::kGet, "/events", Access::anybody(), 0, [this](const Request&, ResponderPtr responder) {
                 events = responder->stream();
                 events->send("alert", "one", "1");
                 events->send("alert", "two\nlines", "2");
             }});
    }

    ClientRequest request(Method method, const std::string& path) const {
        ClientRequest out;
        out.method = method;
        out.url = scheme + "://127.0.0.1:" + std::to_string(port) + path;
        return out;
    }

    base::Result<Response> call(ClientRequest what) {
        std::optional<base::Result<Response>> answer;
        client->call(std::move(what), [&](base::Result<Response> got) {
            answer = std::move(got);
            loop->stop();
        });
        CHECK(!answer);
        run();
        CHECK(answer.has_value());
        return *answer;
    }

    void run() {
        const auto guard = loop->after(10s, [this] { loop->stop(); });
        loop->run();
    }

    http::Router router;
    std::unique_ptr<loop::Loop> loop;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<http::Client> client;
    std::vector<ResponderPtr> never;
    std::unique_ptr<http::Responder::EventStream> events;
    std::string scheme;
    uint16_t port = 0;
};

std::shared_ptr<tls::ServerContext> required(const tls::Files& files) {
    auto context = tls::ServerContext::create(files, tls::ClientCertificate::kRequired);
    CHECK_OK(context);
    return *context;
}

bool has(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

void a_body_goes_out_and_comes_back() {
    Both both;
    auto request = both.request(Method::kPost, "/echo");
    request.headers = {{"content-type", "application/json"}};
    request.body = std::string("{\"a\":\0}", 7);
    const auto answer = both.call(request);
    CHECK_OK(answer);
    CHECK_EQ(answer->status, 201);
    CHECK_EQ(answer->body, request.body);
    bool found = false;
    for (const auto& [name, value] : answer->headers)
        found = found || (name == "x-kind" && value == "application/json");
    CHECK(found);
}

void connections_are_used_again() {
    Both both;
    for (int i = 0; i < 5; ++i) CHECK_EQ(both.call(both.request(Method::kGet, "/large"))->status, 200);
    CHECK_EQ(both.server->counters().accepted, 1U);
}

void both_sides_prove_who_they_are() {
    test::Certs certs;
    Both both(required(certs.files("cbc")), certs.files("cbe", "office"));
    auto request = both.request(Method::kGet, "/who");
    request.server_role = "cbc";
    const auto answer = both.call(request);
    CHECK_OK(answer);
    CHECK_EQ(answer->body, "farol://test/cbe/office");
}

void a_server_of_another_role_is_refused() {
    test::Certs certs;
    Both both(required(certs.files("ocs")), certs.files("cbe"));
    CHECK_OK(both.call(both.request(Method::kGet, "/large")));  // no role asked for
    auto request = both.request(Method::kGet, "/large");
    request.server_role = "cbc";
    const auto answer = both.call(request);  // and not on the connection that is open already
    CHECK(!answer);
    CHECK(answer.error().kind == base::ErrorKind::kRefused);
    CHECK(has(answer.error().text, "role cbc"));
}

void an_authority_that_is_not_trusted_is_refused() {
    test::Certs ours;
    test::Certs theirs;
    Both both(required(theirs.files("cbc")), ours.files("cbe"));
    CHECK(both.call(both.request(Method::kGet, "/large")).error().kind == base::ErrorKind::kRefused);
}

void a_client_of_the_wrong_role_gets_403_with_the_roles_wanted() {
    test::Certs certs;
    Both both(required(certs.files("cbc")), certs.files("ocs"));
    const auto answer = both.call(both.request(Method::kGet, "/who"));
    CHECK_OK(answer);
    CHECK_EQ(answer->status, 403);
    CHECK(has(answer->body, "for role cbe; yours is ocs"));
}

void nobody_listening_is_unavailable_and_no_answer_is_a_timeout() {
    Both both;
    auto nowhere = both.request(Method::kGet, "/x");
    nowhere.url = "http://127.0.0.1:1/x?secret=1";
    const auto refused = both.call(nowhere);
    CHECK(refused.error().kind == base::ErrorKind::kUnavailable);
    CHECK(has(refused.error().text, "GET http://127.0.0.1:1/x: "));
    CHECK(!has(refused.error().text, "secret"));
    auto slow = both.request(Method::kGet, "/never");
    slow.timeout = 50ms;
    CHECK(both.call(slow).error().kind == base::ErrorKind::kTimeout);
}

void an_answer_beyond_the_limit_is_refused() {
    Both both;
    auto request = both.request(Method::kGet, "/large");
    request.response_limit = 99'999;
    CHECK(both.call(request).error().kind == base::ErrorKind::kLimit);
    request.response_limit = 100'000;
    CHECK_OK(both.call(request));
}

void plain_http_leaves_the_machine_for_nobody() {
    Both both;
    for (const std::string url :
         {"http://192.0.2.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "not a url", ""}) {
        ClientRequest request;
        request.url = url;
        CHECK(both.call(request).error().kind == base::ErrorKind::kInvalid);
    }
}

void a_unix_socket_is_called_as_well() {
    const test::TempDir dir;
    Both both;
    CHECK_OK(both.server->listen_unix(dir / "control.sock"));
    ClientRequest request;
    request.unix_socket = dir / "control.sock";
    request.url = "http://localhost/large";
    CHECK_EQ(both.call(request)->body.size(), 100'000U);
}

void events_arrive_one_by_one_and_the_end_is_told() {
    Both both;
    std::vector<std::string> seen;
    std::optional<base::Error> end;
    const auto handle = both.client->stream(
        both.request(Method::kGet, "/events"),
        [&](auto event, auto data, auto id) {
            seen.push_back(std::string(event) + "|" + std::string(data) + "|" + std::string(id));
            if (seen.size() == 2) both.events.reset();
        },
        [&](base::Error why) {
            end = std::move(why);
            both.loop->stop();
        });
    both.run();
    CHECK_EQ(seen.size(), 2U);
    CHECK_EQ(seen[0], "alert|one|1");
    CHECK_EQ(seen[1], "alert|two\nlines|2");
    CHECK(end && end->kind == base::ErrorKind::kUnavailable);
}

void a_stream_may_be_closed_from_its_own_event() {
    Both both;
    int seen = 0;
    loop::HandlePtr handle;
    handle = both.client->stream(
        both.request(Method::kGet, "/events"),
        [&](auto, auto, auto) {
            ++seen;
            handle.reset();
            both.loop->post([&] { both.loop->stop(); });
        },
        [&](const base::Error&) { seen = 100; });
    both.run();
    CHECK_EQ(seen, 1);
}

void a_stream_that_cannot_begin_or_falls_silent_ends() {
    Both both;
    std::vector<base::ErrorKind> ends;
    const auto on_end = [&](const base::Error& why) {
        ends.push_back(why.kind);
        if (ends.size() == 3) both.loop->stop();
    };
    const auto ignore = [](auto, auto, auto) {};
    const auto missing = both.client->stream(both.request(Method::kGet, "/none"), ignore, on_end);
    auto quiet_request = both.request(Method::kGet, "/events");
    quiet_request.silence = 200ms;
    const auto quiet = both.client->stream(quiet_request, ignore, on_end);
    ClientRequest wrong;
    wrong.url = "nothing";
    const auto refused = both.client->stream(wrong, ignore, on_end);
    both.run();
    CHECK_EQ(ends.size(), 3U);
    CHECK(ends[0] == base::ErrorKind::kInvalid);
    CHECK(ends[1] == base::ErrorKind::kRefused);
    CHECK(ends[2] == base::ErrorKind::kTimeout);
}

void a_client_that_goes_takes_its_calls_with_it() {
    Both both;
    bool called = false;
    both.client->call(both.request(Method::kGet, "/never"), [&](const auto&) { called = true; });
    const auto later = both.loop->after(100ms, [&] { both.client.reset(); });
    const auto end = both.loop->after(150ms, [&] { both.loop->stop(); });
    both.run();
    CHECK(!called);
}

void an_answer_may_start_the_next_call() {
    Both both;
    int answers = 0;
    std::function<void(base::Result<Response>)> again = [&](base::Result<Response> answer) {
        CHECK_OK(answer);
        if (++answers == 3) return both.loop->stop();
        both.client->call(both.request(Method::kGet, "/large"), again);
    };
    both.client->call(both.request(Method::kGet, "/large"), again);
    both.run();
    CHECK_EQ(answers, 3);
}

}  // namespace

GROUP(http_client, CASE(a_body_goes_out_and_comes_back), CASE(connections_are_used_again),
      CASE(both_sides_prove_who_they_are), CASE(a_server_of_another_role_is_refused),
      CASE(an_authority_that_is_not_trusted_is_refused),
      CASE(a_client_of_the_wrong_role_gets_403_with_the_roles_wanted),
      CASE(nobody_listening_is_unavailable_and_no_answer_is_a_timeout),
      CASE(an_answer_beyond_the_limit_is_refused), CASE(plain_http_leaves_the_machine_for_nobody),
      CASE(a_unix_socket_is_called_as_well), CASE(events_arrive_one_by_one_and_the_end_is_told),
      CASE(a_stream_may_be_closed_from_its_own_event), CASE(a_stream_that_cannot_begin_or_falls_silent_ends),
      CASE(a_client_that_goes_takes_its_calls_with_it), CASE(an_answer_may_start_the_next_call))
