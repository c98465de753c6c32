// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a well-behaved client sees. The other kind is in http_limits_test.cc.
#include "common/http/server.h"

#include <sys/stat.h>
#include <sys/un.h>

#include <atomic>
#include <future>
#include <thread>

#include "common/http/listening.h"
#include "tests/support/certs.h"
#include "tests/support/http_peer.h"
#include "tests/support/test.h"

namespace {

using http::Access;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;
using test::get;
using test::HttpPeer;
using test::post;
using test::RawConnection;

void echo(const Request& request, ResponderPtr responder) {
    responder->respond(Response::text(200, std::string(to_string(request.method)) + " " + request.path + " " +
                                               request.parameter("id") + " " + request.body));
}

void add_echo(HttpPeer& peer) {
    peer.router().add({Method::kGet, "/echo/{id}", Access::anybody(), 0, echo});
    peer.router().add({Method::kPost, "/echo/{id}", Access::anybody(), 1000, echo});
}

bool has(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

void a_request_is_answered_and_the_connection_kept() {
    HttpPeer peer;
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    for (int i = 0; i < 3; ++i) {
        CHECK(client.send(post("/echo/7", "hello")));
        const auto answer = client.answer();
        CHECK_EQ(answer.status, 200);
        CHECK_EQ(answer.body, "POST /echo/7 7 hello");
        CHECK_EQ(answer.field("connection"), "");
    }
}

void every_answer_carries_the_security_fields() {
    HttpPeer peer;
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/echo/7", "X-Request-Id: abc-123\r\n")));
    const auto answer = client.answer();
    CHECK_EQ(answer.field("x-content-type-options"), "nosniff");
    CHECK_EQ(answer.field("referrer-policy"), "no-referrer");
    CHECK_EQ(answer.field("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    CHECK_EQ(answer.field("cache-control"), "no-store");
    CHECK_EQ(answer.field("x-request-id"), "abc-123");
    CHECK_EQ(answer.field("strict-transport-security"), "");
    CHECK(client.send(get("/echo/7", "X-Request-Id: <script>\r\n")));
    CHECK_EQ(client.answer().field("x-request-id").size(), 36U);
}

void a_chunked_body_is_put_together() {
    HttpPeer peer;
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(
        client.send("POST /echo/7 HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: x\r\n\r\n"));
    CHECK_EQ(client.answer().body, "POST /echo/7 7 abcde");
}

void head_is_answered_without_a_body() {
    HttpPeer peer;
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("HEAD /echo/7 HTTP/1.1\r\nHost: t\r\n\r\n"));
    const auto answer = client.answer("HEAD");
    CHECK_EQ(answer.status, 200);
    CHECK_EQ(answer.field("content-length"), "15");
    CHECK(client.send(get("/echo/8")));
    CHECK_EQ(client.answer().body, "GET /echo/8 8 ");
}

void pipelined_requests_are_answered_in_order() {
    HttpPeer peer;
    std::vector<ResponderPtr> waiting;
    peer.router().add(
        {Method::kGet, "/later/{id}", Access::anybody(), 0,
         [&](const Request&, ResponderPtr responder) { waiting.push_back(std::move(responder)); }});
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/later/1") + get("/echo/2") + post("/echo/3", "x") + get("/echo/4")));
    bool asked = false;
    while (!asked) {
        peer.on_loop([&] {
            asked = !waiting.empty();
            if (!asked) return;
            CHECK_EQ(waiting.size(), 1U);  // the second waits for the first answer
            waiting[0]->respond(Response::text(200, "one"));
            waiting.clear();
        });
    }
    CHECK_EQ(client.answer().body, "one");
    CHECK_EQ(client.answer().body, "GET /echo/2 2 ");
    CHECK_EQ(client.answer().body, "POST /echo/3 3 x");
    CHECK_EQ(client.answer().body, "GET /echo/4 4 ");
}

void ten_thousand_pipelined_requests_do_not_nest() {
    HttpPeer peer;
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    std::string all;
    constexpr int kCount = 10'000;
    for (int i = 0; i < kCount; ++i) all += get("/echo/1");
    std::thread sender([&] { client.send(all); });
    int answered = 0;
    for (; answered < kCount && client.answer().status == 200; ++answered) {
    }
    sender.join();
    CHECK_EQ(answered, kCount);
}

void closing_is_announced_when_the_client_asks_for_it() {
    HttpPeer peer;
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/echo/7", "Connection: close\r\n")));
    CHECK_EQ(client.answer().field("connection"), "close");
    CHECK(client.closed());
    RawConnection old(peer.port());
    CHECK(old.send("GET /echo/7 HTTP/1.0\r\n\r\n"));
    CHECK_EQ(old.answer().status, 200);
    CHECK(old.closed());
}

void a_client_that_only_stops_sending_still_gets_its_answer() {
    HttpPeer peer;
    ResponderPtr waiting;
    std::promise<void> asked;
    peer.router().add(
        {Method::kGet, "/later", Access::anybody(), 0, [&](const Request&, ResponderPtr responder) {
             waiting = std::move(responder);
             asked.set_value();
         }});
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/later")));
    client.finish_sending();
    asked.get_future().wait();
    peer.on_loop([&] { waiting->respond(Response::text(200, "late")); });
    CHECK_EQ(client.answer().body, "late");
    CHECK(client.closed());
}

void continue_is_sent_only_when_the_body_is_wanted() {
    HttpPeer peer;
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(
        client.send("POST /echo/7 HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    CHECK_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    CHECK(client.send("ok"));
    CHECK_EQ(client.answer().body, "POST /echo/7 7 ok");
    CHECK(client.send(
        "POST /echo/7 HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n"));
    CHECK_EQ(client.answer().status, 413);
}

void a_handler_that_throws_or_forgets_answers_500() {
    HttpPeer peer;
    peer.router().add({Method::kGet, "/throws", Access::anybody(), 0,
                       [](const Request&, ResponderPtr) { throw std::runtime_error("a mistake"); }});
    peer.router().add({Method::kGet, "/forgets", Access::anybody(), 0, [](const Request&, ResponderPtr) {}});
    add_echo(peer);
    peer.start();
    RawConnection client(peer.port());
    for (const auto* path : {"/throws", "/forgets"}) {
        CHECK(client.send(get(path)));
        const auto answer = client.answer();
        CHECK_EQ(answer.status, 500);
        CHECK_EQ(answer.field("content-type"), "application/problem+json");
        CHECK(!has(answer.body, "a mistake"));
    }
    CHECK(client.send(get("/echo/1")));
    CHECK_EQ(client.answer().status, 200);
}

void an_answer_after_the_client_has_gone_is_harmless() {
    HttpPeer peer;
    ResponderPtr waiting;
    std::promise<void> asked;
    peer.router().add(
        {Method::kGet, "/later", Access::anybody(), 0, [&](const Request&, ResponderPtr responder) {
             waiting = std::move(responder);
             asked.set_value();
         }});
    peer.start();
    {
        RawConnection client(peer.port());
        CHECK(client.send(get("/later")));
        asked.get_future().wait();
    }
    peer.on_loop([&] {
        waiting->respond(Response::text(200, std::string(1'000'000, 'x')));
        waiting.reset();
    });
    size_t left = 1;
    while (left > 0) peer.on_loop([&] { left = peer.server().connections(); });
}

void large_answers_arrive_whole() {
    HttpPeer peer;
    const auto shared = std::make_shared<const std::string>(3'000'000, 's');
    peer.router().add(
        {Method::kGet, "/own", Access::anybody(), 0, [](const Request&, ResponderPtr responder) {
             responder->respond(Response::text(200, std::string(3'000'000, 'o')));
         }});
    peer.router().add(
        {Method::kGet, "/shared", Access::anybody(), 0, [&](const Request&, ResponderPtr responder) {
             Response response = Response::empty(200);
             response.shared_body = shared;
             responder->respond(std::move(response));
         }});
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/own") + get("/shared")));
    CHECK(client.answer().body == std::string(3'000'000, 'o'));
    CHECK(client.answer().body == *shared);
}

void events_are_streamed_until_the_stream_goes() {
    HttpPeer peer;
    std::unique_ptr<http::Responder::EventStream> stream;
    std::promise<void> asked;
    peer.router().add(
        {Method::kGet, "/events", Access::anybody(), 0, [&](const Request&, ResponderPtr responder) {
             stream = responder->stream();
             asked.set_value();
         }});
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/events")));
    asked.get_future().wait();
    CHECK_EQ(client.answer().field("content-type"), "text/event-stream");
    peer.on_loop([&] { CHECK(stream->send("alert", "{\"a\":1}\nsecond", "7")); });
    CHECK(has(client.read_until("second\n\n"), "id: 7\nevent: alert\ndata: {\"a\":1}\ndata: second\n\n"));
    peer.on_loop([&] { stream.reset(); });
    CHECK_EQ(client.read_until("0\r\n\r\n"), "\r\n0\r\n\r\n");
    CHECK(client.closed());
}

void head_of_a_stream_is_its_head_alone() {
    HttpPeer peer;
    bool open = true;
    peer.router().add({Method::kGet, "/events", Access::anybody(), 0,
                       [&](const Request&, ResponderPtr responder) { open = responder->stream()->open(); }});
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("HEAD /events HTTP/1.1\r\nHost: t\r\n\r\n"));
    CHECK_EQ(client.answer("HEAD").field("content-type"), "text/event-stream");
    CHECK(client.read_some().empty());
    peer.on_loop([&] { CHECK(!open); });
}

void a_quiet_stream_carries_a_heartbeat() {
    HttpPeer peer({.heartbeat = std::chrono::milliseconds(40)});
    std::unique_ptr<http::Responder::EventStream> stream;
    peer.router().add({Method::kGet, "/events", Access::anybody(), 0,
                       [&](const Request&, ResponderPtr responder) { stream = responder->stream(); }});
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/events")));
    client.answer();
    CHECK(has(client.read_until(": \n\n"), ": \n\n"));
    CHECK(has(client.read_until(": \n\n"), ": \n\n"));
    peer.on_loop([&] { stream.reset(); });
}

void each_answer_is_reported_with_its_route() {
    HttpPeer peer;
    add_echo(peer);
    std::vector<std::string> seen;
    peer.server().on_served([&](const http::Served& served) {
        seen.push_back(std::string(to_string(served.method)) + " " + std::string(served.route) + " " +
                       std::to_string(served.status));
    });
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/echo/1") + get("/nothing")));
    client.answer();
    client.answer();
    peer.on_loop([&] {
        CHECK_EQ(seen.size(), 2U);
        CHECK_EQ(seen[0], "GET /echo/{id} 200");
        CHECK_EQ(seen[1], "GET  404");
    });
}

void draining_ends_idle_connections_and_waits_for_answers() {
    HttpPeer peer;
    ResponderPtr waiting;
    std::unique_ptr<http::Responder::EventStream> stream;
    std::promise<void> asked;
    peer.router().add({Method::kGet, "/events", Access::anybody(), 0,
                       [&](const Request&, ResponderPtr responder) { stream = responder->stream(); }});
    peer.router().add(
        {Method::kGet, "/later", Access::anybody(), 0, [&](const Request&, ResponderPtr responder) {
             waiting = std::move(responder);
             asked.set_value();
         }});
    add_echo(peer);
    peer.start();
    RawConnection idle(peer.port());
    CHECK(idle.send(get("/echo/1")));
    idle.answer();
    RawConnection streaming(peer.port());
    CHECK(streaming.send(get("/events")));
    streaming.answer();
    RawConnection busy(peer.port());
    CHECK(busy.send(get("/later")));
    asked.get_future().wait();
    std::promise<void> drained;
    peer.on_loop([&] { peer.server().drain([&] { drained.set_value(); }); });
    CHECK(idle.closed());
    CHECK(streaming.closed());
    auto end = drained.get_future();
    CHECK(end.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    peer.on_loop([&] { waiting->respond(Response::text(200, "last")); });
    CHECK_EQ(busy.answer().body, "last");
    CHECK(busy.closed());
    end.wait();
}

void a_unix_socket_makes_its_owner_admin() {
    const test::TempDir dir;
    HttpPeer peer;
    peer.router().add({Method::kGet, "/who", Access::role({"admin"}), 0,
                       [](const Request& request, ResponderPtr responder) {
                           responder->respond(Response::text(200, request.peer.role));
                       }});
    CHECK_OK(peer.server().listen_unix(dir / "control.sock"));
    struct stat status {};
    CHECK_EQ(::stat((dir / "control.sock").c_str(), &status), 0);
    CHECK_EQ(status.st_mode & 0777U, 0660U);
    peer.start();
    RawConnection client(dir / "control.sock");
    CHECK(client.send(get("/who")));
    CHECK_EQ(client.answer().body, "admin");
    RawConnection tcp(peer.port());
    CHECK(tcp.send(get("/who")));
    CHECK_EQ(tcp.answer().status, 401);
}

void only_a_stale_socket_file_is_replaced() {
    const test::TempDir dir;
    const std::string path = dir / "control.sock";
    auto first = http::listen_unix_socket(path);
    CHECK_OK(first);
    const auto second = http::listen_unix_socket(path);
    CHECK(!second);
    CHECK(has(second.error().text, "another process listens there"));
    first->reset();
    CHECK_OK(http::listen_unix_socket(path));
    CHECK(!http::listen_unix_socket(dir.path()));
    CHECK(!http::listen_unix_socket(dir / std::string(200, 'x')));
}

void a_socket_passed_by_systemd_is_served() {
    HttpPeer peer;
    add_echo(peer);
    auto fd = http::listen_tcp({"127.0.0.1", 0});
    CHECK_OK(fd);
    const auto bound = peer.server().adopt(fd->release(), nullptr);
    CHECK_OK(bound);
    CHECK(bound->port != 0);
    base::Fd other(::socket(AF_INET, SOCK_STREAM, 0));
    CHECK(!peer.server().adopt(other.release(), nullptr));
    peer.start();
    RawConnection client(bound->port);
    CHECK(client.send(get("/echo/1")));
    CHECK_EQ(client.answer().status, 200);
}

void a_name_or_a_taken_port_is_refused_with_a_sentence() {
    HttpPeer peer;
    const auto name = peer.server().listen({"localhost", 0}, nullptr);
    CHECK(!name);
    CHECK(has(name.error().text, "must be a numeric address"));
    const auto taken = peer.server().listen({"127.0.0.1", peer.port()}, nullptr);
    CHECK(!taken);
    CHECK(has(taken.error().text, "Address already in use"));
}

}  // namespace

GROUP(http_server, CASE(a_request_is_answered_and_the_connection_kept),
      CASE(every_answer_carries_the_security_fields), CASE(a_chunked_body_is_put_together),
      CASE(head_is_answered_without_a_body), CASE(pipelined_requests_are_answered_in_order),
      CASE(ten_thousand_pipelined_requests_do_not_nest),
      CASE(closing_is_announced_when_the_client_asks_for_it),
      CASE(a_client_that_only_stops_sending_still_gets_its_answer),
      CASE(continue_is_sent_only_when_the_body_is_wanted), CASE(a_handler_that_throws_or_forgets_answers_500),
      CASE(an_answer_after_the_client_has_gone_is_harmless), CASE(large_answers_arrive_whole),
      CASE(events_are_streamed_until_the_stream_goes), CASE(head_of_a_stream_is_its_head_alone),
      CASE(a_quiet_stream_carries_a_heartbeat), CASE(each_answer_is_reported_with_its_route),
      CASE(draining_ends_idle_connections_and_waits_for_answers), CASE(a_unix_socket_makes_its_owner_admin),
      CASE(only_a_stale_socket_file_is_replaced), CASE(a_socket_passed_by_systemd_is_served),
      CASE(a_name_or_a_taken_port_is_refused_with_a_sentence))
