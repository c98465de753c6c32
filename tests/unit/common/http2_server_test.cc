// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Our HTTP/2 server and our client on one loop, plain and with TLS.
#include "common/http2/server.h"

#include "common/http/client.h"
#include "tests/support/certs.h"
#include "tests/support/loop.h"
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
    explicit Both(std::shared_ptr<tls::ServerContext> tls = nullptr, std::optional<tls::Files> files = {},
                  http2::ServerLimits limits = {})
        : loop(std::move(*loop::Loop::create())), scheme(tls ? "https" : "http") {
        router.add({Method::kPost, "/echo", Access::anybody(), 2'000'000,
                    [](const Request& request, ResponderPtr responder) {
                        responder->respond(Response::text(201, request.body));
                    }});
        router.add(
            {Method::kGet, "/never", Access::anybody(), 0,
             [this](const Request&, ResponderPtr responder) { waiting.push_back(std::move(responder)); }});
        router.add({Method::kGet, "/dropped", Access::anybody(), 0, [](const Request&, ResponderPtr) {}});
        router.add({Method::kGet, "/moved", Access::anybody(), 0, [](const Request&, ResponderPtr responder) {
                        responder->respond(Response::empty(308).with_header("location", "/elsewhere"));
                    }});
        server.emplace(*loop, clock, router, limits, logs::Log::discard());
        const auto bound = server->listen({"127.0.0.1", 0}, std::move(tls));
        CHECK_OK(bound);
        port = bound->port;
        client.emplace(*loop, std::move(files));
    }

    ClientRequest request(Method method, const std::string& path) const {
        ClientRequest out;
        out.method = method;
        out.version = http::Version::kHttp2;
        out.url = scheme + "://127.0.0.1:" + std::to_string(port) + path;
        return out;
    }
    // Answers come into `answers` as they arrive.
    void ask(ClientRequest what) {
        client->call(std::move(what),
                     [this](base::Result<Response> got) { answers.push_back(std::move(got)); });
    }
    base::Result<Response> call(ClientRequest what) {
        answers.clear();
        ask(std::move(what));
        test::run_until(*loop, [this] { return !answers.empty(); });
        return answers.front();
    }

    base::SystemClock clock;
    std::unique_ptr<loop::Loop> loop;
    http::Router router;
    std::vector<ResponderPtr> waiting;
    std::optional<http2::Server> server;
    std::optional<http::Client> client;
    std::vector<base::Result<Response>> answers;
    std::string scheme;
    uint16_t port = 0;
};

std::shared_ptr<tls::ServerContext> context(const tls::Files& files, tls::ClientCertificate wanted,
                                            tls::Protocols protocols = {"h2"}) {
    auto made = tls::ServerContext::create(files, wanted, std::move(protocols));
    CHECK_OK(made);
    return *made;
}

void a_body_goes_out_and_comes_back() {
    Both both;
    auto request = both.request(Method::kPost, "/echo");
    request.body = std::string(1'500'000, 'x') + std::string("\0\r\n", 3);
    const auto answer = both.call(request);
    CHECK_OK(answer);
    CHECK_EQ(answer->status, 201);
    CHECK(answer->body == request.body);
}

void calls_without_tls_follow_one_another() {
    Both both;
    for (int i = 0; i < 3; ++i) CHECK_EQ(both.call(both.request(Method::kPost, "/echo"))->status, 201);
    both.ask(both.request(Method::kGet, "/never"));
    test::run_until(*both.loop, [&] { return both.waiting.size() == 1; });
    CHECK_EQ(both.call(both.request(Method::kPost, "/echo"))->status, 201);
}

void many_calls_share_one_connection() {
    test::Certs certs;
    Both both(context(certs.files("cbc"), tls::ClientCertificate::kNone), certs.files("cbe"));
    CHECK_EQ(both.call(both.request(Method::kPost, "/echo"))->status, 201);
    both.answers.clear();
    for (int i = 0; i < 20; ++i) both.ask(both.request(Method::kGet, "/never"));
    test::run_until(*both.loop, [&] { return both.waiting.size() == 20; });
    CHECK_EQ(both.server->counters().accepted, 1U);
    for (auto& responder : both.waiting) responder->respond(Response::text(200, "at last"));
    test::run_until(*both.loop, [&] { return both.answers.size() == 20; });
    for (const auto& answer : both.answers) CHECK_EQ(answer->body, "at last");
}

void a_handler_that_does_not_answer_is_a_500() {
    Both both;
    CHECK_EQ(both.call(both.request(Method::kGet, "/dropped"))->status, 500);
}

void a_redirection_is_told_with_its_whole_address() {
    Both both;
    const auto answer = both.call(both.request(Method::kGet, "/moved"));
    CHECK_OK(answer);
    CHECK_EQ(answer->status, 308);
    for (const auto& [name, value] : answer->headers) {
        if (name == "location")
            CHECK_EQ(value, "http://127.0.0.1:" + std::to_string(both.port) + "/elsewhere");
    }
}

void after_a_call_that_was_not_answered_in_time_others_go_another_way() {
    test::Certs certs;
    Both both(context(certs.files("cbc"), tls::ClientCertificate::kNone), certs.files("cbe"));
    std::optional<base::Result<Response>> patient;
    both.client->call(both.request(Method::kGet, "/never"),
                      [&](base::Result<Response> got) { patient = std::move(got); });
    test::run_until(*both.loop, [&] { return both.waiting.size() == 1; });
    auto slow = both.request(Method::kGet, "/never");
    slow.timeout = 100ms;
    const auto answer = both.call(slow);
    CHECK(!answer);
    CHECK(answer.error().kind == base::ErrorKind::kTimeout);
    const auto other = both.call(both.request(Method::kPost, "/echo"));
    CHECK_OK(other);
    CHECK_EQ(other->status, 201);
    CHECK_EQ(both.server->counters().accepted, 2U);
    both.waiting.front()->respond(Response::text(200, "still here"));
    test::run_until(*both.loop, [&] { return patient.has_value(); });
    CHECK_EQ((*patient)->body, "still here");
}

void network_functions_prove_who_they_are_without_a_farol_name() {
    test::Certs certs;
    Both both(context(certs.files("cbc"), tls::ClientCertificate::kOfNetwork), certs.files("cbe"));
    CHECK_EQ(both.call(both.request(Method::kPost, "/echo"))->status, 201);
    test::Certs others;
    tls::Files stranger = others.files("cbe");
    stranger.trusted = {certs.authority()};
    Both strange(context(certs.files("cbc"), tls::ClientCertificate::kOfNetwork), stranger);
    CHECK(!strange.call(strange.request(Method::kPost, "/echo")));
    CHECK_EQ(strange.server->counters().accepted, 0U);
}

void a_listener_may_want_no_certificate() {
    test::Certs certs;
    tls::Files anonymous = certs.files("cbe");
    anonymous.certificate.clear();
    anonymous.key.clear();
    Both both(context(certs.files("cbc"), tls::ClientCertificate::kNone), anonymous);
    CHECK_EQ(both.call(both.request(Method::kPost, "/echo"))->status, 201);
}

void who_offers_no_h2_is_refused() {
    test::Certs certs;
    Both both(context(certs.files("cbc"), tls::ClientCertificate::kNone), certs.files("cbe"));
    auto request = both.request(Method::kPost, "/echo");
    request.version = http::Version::kHttp1;
    CHECK(!both.call(request));
    CHECK_EQ(both.server->counters().accepted, 0U);
}

void a_server_that_speaks_http1_alone_is_refused() {
    auto loop = std::move(*loop::Loop::create());
    http::Router router;
    http::Server server(*loop, router, {}, logs::Log::discard());
    test::Certs certs;
    const auto bound = server.listen(
        {"127.0.0.1", 0}, context(certs.files("cbc"), tls::ClientCertificate::kNone, {"http/1.1"}));
    CHECK_OK(bound);
    http::Client client(*loop, certs.files("cbe"));
    ClientRequest request;
    request.version = http::Version::kHttp2;
    request.url = "https://127.0.0.1:" + std::to_string(bound->port) + "/";
    std::optional<base::Result<Response>> answer;
    client.call(request, [&](base::Result<Response> got) { answer = std::move(got); });
    test::run_until(*loop, [&] { return answer.has_value(); });
    CHECK(!*answer);
    CHECK(answer->error().kind == base::ErrorKind::kRefused);
}

void plain_calls_leave_this_machine_only_where_it_was_said() {
    Both both;
    auto request = both.request(Method::kGet, "/never");
    request.url = "http://192.0.2.1:7777/";
    CHECK(both.call(request).error().kind == base::ErrorKind::kInvalid);
}

void connections_are_bounded() {
    Both both(nullptr, {}, {.connection = {}, .connections = 1, .connections_per_address = 1});
    both.ask(both.request(Method::kGet, "/never"));
    test::run_until(*both.loop, [&] { return both.waiting.size() == 1; });
    http::Client other(*both.loop, {});
    std::optional<base::Result<Response>> answer;
    other.call(both.request(Method::kPost, "/echo"), [&](base::Result<Response> got) { answer = got; });
    test::run_until(*both.loop, [&] { return answer.has_value(); });
    CHECK(!*answer);
    CHECK_EQ(both.server->counters().refused_full, 1U);
}

void draining_ends_after_the_last_answer() {
    Both both;
    both.ask(both.request(Method::kGet, "/never"));
    test::run_until(*both.loop, [&] { return both.waiting.size() == 1; });
    bool drained = false;
    both.server->drain([&] { drained = true; });
    both.waiting.front()->respond(Response::text(200, "x"));
    test::run_until(*both.loop, [&] { return drained && both.answers.size() == 1; });
    CHECK_EQ(both.answers.front()->status, 200);
    CHECK_EQ(both.server->connections(), 0U);
}

void a_responder_may_outlive_its_server() {
    Both both;
    both.ask(both.request(Method::kGet, "/never"));
    test::run_until(*both.loop, [&] { return both.waiting.size() == 1; });
    both.server.reset();
    both.waiting.front()->respond(Response::text(200, "x"));
    test::run_until(*both.loop, [&] { return both.answers.size() == 1; });
    CHECK(!both.answers.front());
}

}  // namespace

GROUP(http2_server, CASE(a_body_goes_out_and_comes_back), CASE(calls_without_tls_follow_one_another),
      CASE(many_calls_share_one_connection), CASE(a_handler_that_does_not_answer_is_a_500),
      CASE(a_redirection_is_told_with_its_whole_address),
      CASE(after_a_call_that_was_not_answered_in_time_others_go_another_way),
      CASE(network_functions_prove_who_they_are_without_a_farol_name),
      CASE(a_listener_may_want_no_certificate), CASE(who_offers_no_h2_is_refused),
      CASE(a_server_that_speaks_http1_alone_is_refused),
      CASE(plain_calls_leave_this_machine_only_where_it_was_said), CASE(connections_are_bounded),
      CASE(draining_ends_after_the_last_answer), CASE(a_responder_may_outlive_its_server))
