// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What strangers do to the HTTP server, and that it neither waits, nor grows, nor forgets the others.
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/base/free_with.h"
#include "common/http/server.h"
#include "tests/support/certs.h"
#include "tests/support/http_peer.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using http::Access;
using http::Limits;
using http::Method;
using http::Request;
using http::ResponderPtr;
using http::Response;
using test::get;
using test::HttpPeer;
using test::post;
using test::RawConnection;

bool has(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

void add_routes(HttpPeer& peer) {
    peer.router().add({Method::kGet, "/x", Access::anybody(), 0, [](const Request&, ResponderPtr responder) {
                           responder->respond(Response::text(200, "x"));
                       }});
    peer.router().add(
        {Method::kPost, "/x", Access::anybody(), 1000, [](const Request& request, ResponderPtr responder) {
             responder->respond(Response::text(200, request.body));
         }});
}

// Sends octets every few milliseconds until the server has answered or ended the connection.
void drip(RawConnection& client, std::string_view octets) {
    for (int i = 0; i < 2000; ++i) {
        if (!client.send(octets)) return;
        std::string unread(1, '\0');
        if (::recv(client.fd(), unread.data(), 1, MSG_PEEK | MSG_DONTWAIT) >= 0) return;
        const timespec pause{0, 2'000'000};
        nanosleep(&pause, nullptr);
    }
}

void a_head_that_drips_is_ended_at_its_deadline() {
    HttpPeer peer({.head_deadline = 80ms});
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("GET /x HTTP/1.1\r\nHost: t\r\nX: "));
    drip(client, "a");
    const auto answer = client.answer();
    CHECK_EQ(answer.status, 408);
    CHECK_EQ(answer.field("content-type"), "application/problem+json");
    CHECK(client.closed());
}

void the_second_head_has_its_deadline_too() {
    HttpPeer peer({.head_deadline = 80ms});
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/x") + "G"));
    CHECK_EQ(client.answer().status, 200);
    drip(client, "E");
    CHECK_EQ(client.answer().status, 408);
}

void a_connection_that_says_nothing_is_ended() {
    HttpPeer peer({.head_deadline = 50ms, .idle_timeout = 50ms});
    add_routes(peer);
    peer.start();
    RawConnection silent(peer.port());
    CHECK(silent.closed());
    RawConnection idle(peer.port());
    CHECK(idle.send(get("/x")));
    CHECK_EQ(idle.answer().status, 200);
    CHECK(idle.closed());
}

void a_body_that_drips_is_ended_at_its_deadline() {
    HttpPeer peer({.body_deadline = 80ms});
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("POST /x HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\n"));
    drip(client, "a");
    CHECK_EQ(client.answer().status, 408);
    CHECK(client.closed());
}

void a_reader_that_does_not_read_is_cut_off() {
    HttpPeer peer({.write_deadline = 100ms});
    const auto huge = std::make_shared<const std::string>(64'000'000, 'x');
    peer.router().add(
        {Method::kGet, "/huge", Access::anybody(), 0, [&](const Request&, ResponderPtr responder) {
             Response response = Response::empty(200);
             response.shared_body = huge;
             responder->respond(std::move(response));
         }});
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/huge")));
    size_t left = 1;
    while (left > 0) peer.on_loop([&] { left = peer.server().connections(); });
    uint64_t timed_out = 0;
    peer.on_loop([&] { timed_out = peer.server().counters().timed_out; });
    CHECK_EQ(timed_out, 1U);
}

void a_stream_whose_reader_is_slow_is_closed_at_its_limit() {
    HttpPeer peer({.unsent_octets = 100'000});
    std::unique_ptr<http::Responder::EventStream> stream;
    peer.router().add({Method::kGet, "/events", Access::anybody(), 0,
                       [&](const Request&, ResponderPtr responder) { stream = responder->stream(); }});
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send(get("/events")));
    client.answer();
    // The kernel takes some megabytes; then what waits in the process reaches its limit.
    bool open = true;
    size_t sent = 0;
    for (; open && sent < 4000; ++sent)
        peer.on_loop([&] { open = stream->send("alert", std::string(10'000, 'x')); });
    CHECK(!open);
    peer.on_loop([&] {
        CHECK(!stream->open());
        CHECK(!stream->send("alert", "more"));
        CHECK_EQ(peer.server().connections(), 0U);
        CHECK_EQ(peer.server().counters().slow_streams, 1U);
    });
}

void a_head_beyond_its_limit_is_refused() {
    HttpPeer peer({.head_octets = 4096});
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("GET /x HTTP/1.1\r\nHost: t\r\nX: " + std::string(8192, 'a')));
    CHECK_EQ(client.answer().status, 431);
    CHECK(client.closed());
    RawConnection many(peer.port());
    std::string fields;
    for (int i = 0; i < 200; ++i) fields += "A: b\r\n";
    CHECK(many.send(get("/x", fields)));
    CHECK_EQ(many.answer().status, 431);
}

void a_body_beyond_the_routes_limit_is_refused_before_it_is_read() {
    HttpPeer peer;
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("POST /x HTTP/1.1\r\nHost: t\r\nContent-Length: 1001\r\n\r\n"));  // and no octet of it
    const auto answer = client.answer();
    CHECK_EQ(answer.status, 413);
    CHECK(has(answer.body, "larger than the 1000 octets"));
    CHECK_EQ(answer.field("connection"), "close");
    RawConnection fits(peer.port());
    CHECK(fits.send(post("/x", std::string(1000, 'a'))));
    CHECK_EQ(fits.answer().status, 200);
}

void the_answer_arrives_though_the_refused_body_is_still_coming() {
    HttpPeer peer;
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("POST /x HTTP/1.1\r\nHost: t\r\nContent-Length: 2000000\r\n\r\n"));
    const std::string body(2'000'000, 'a');
    client.send(body);
    CHECK_EQ(client.answer().status, 413);
}

void chunks_are_counted_against_the_limit() {
    HttpPeer peer;
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    const std::string head = "POST /x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
    CHECK(client.send(head + "258\r\n" + std::string(600, 'a') + "\r\n191\r\n"));  // 600 and 401
    CHECK_EQ(client.answer().status, 413);
    RawConnection huge(peer.port());
    CHECK(huge.send(head + "ffffffffffffffff\r\n"));
    CHECK_EQ(huge.answer().status, 413);
    RawConnection wraps(peer.port());
    CHECK(wraps.send(head + "10000000000000001\r\n"));
    CHECK_EQ(wraps.answer().status, 400);
}

void a_body_where_none_is_taken_is_refused() {
    HttpPeer peer;
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("GET /x HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\na"));
    CHECK_EQ(client.answer().status, 413);
    RawConnection chunked(peer.port());
    CHECK(chunked.send("GET /x HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    CHECK_EQ(chunked.answer().status, 413);
    RawConnection nothing(peer.port());
    CHECK(nothing.send("GET /x HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n"));
    CHECK_EQ(nothing.answer().status, 200);
}

void a_head_that_two_readers_could_frame_differently_is_refused() {
    HttpPeer peer;
    add_routes(peer);
    peer.start();
    for (const std::string fields :
         {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
          "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Content-Length: +5\r\n",
          "Content-Length: 0x5\r\n", "Content-Length: -1\r\n", "Content-Length:\r\n",
          "Content-Length: 99999999999999999999\r\n", "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, identity\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: xchunked\r\n",
          "Transfer-Encoding : chunked\r\n", "Content-Length : 5\r\n"}) {
        RawConnection client(peer.port());
        CHECK(
            client.send("POST /x HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"));
        const auto answer = client.answer();
        if (answer.status != 400 && answer.status != 501)
            test::fail_at(__FILE__, __LINE__, fields + " got " + std::to_string(answer.status));
        CHECK_EQ(client.answer().status, 0);  // nothing after it was taken for a request
    }
}

void what_is_not_http_is_refused_with_a_problem() {
    HttpPeer peer;
    add_routes(peer);
    peer.start();
    struct Row {
        const char* octets;
        int status;
    };
    for (const Row& row :
         {Row{"\x16\x03\x01\x02\r\n\r\n", 400}, Row{"GET /x HTTP/2.0\r\nHost: t\r\n\r\n", 400},
          Row{"GET /x\r\n\r\n", 400}, Row{"BREW /x HTTP/1.1\r\nHost: t\r\n\r\n", 501},
          Row{"TRACE /x HTTP/1.1\r\nHost: t\r\n\r\n", 501}, Row{"GET /x HTTP/1.1\r\n\r\n", 400},
          Row{"GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
          Row{"GET x HTTP/1.1\r\nHost: t\r\n\r\n", 400}, Row{"GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n", 400},
          Row{"GET /x HTTP/1.1\r\nHost: t\r\nExpect: tea\r\n\r\n", 417},
          Row{"GET /nowhere HTTP/1.1\r\nHost: t\r\n\r\n", 404},
          Row{"PUT /x HTTP/1.1\r\nHost: t\r\n\r\n", 405}}) {
        RawConnection client(peer.port());
        CHECK(client.send(row.octets));
        const auto answer = client.answer();
        if (answer.status != row.status)
            test::fail_at(__FILE__, __LINE__,
                          std::string(row.octets) + " got " + std::to_string(answer.status));
        CHECK_EQ(answer.field("content-type"), "application/problem+json");
        CHECK_EQ(answer.field("x-request-id").size(), 36U);
    }
    RawConnection client(peer.port());
    CHECK(client.send("DELETE /x HTTP/1.1\r\nHost: t\r\n\r\n"));
    CHECK_EQ(client.answer().field("allow"), "GET, HEAD, POST");
}

void one_address_may_hold_only_so_many_connections() {
    HttpPeer peer({.connections_per_address = 2});
    add_routes(peer);
    peer.start();
    std::optional<RawConnection> one{std::in_place, peer.port()};
    RawConnection two(peer.port());
    CHECK(one->send(get("/x")) && two.send(get("/x")));
    CHECK_EQ(one->answer().status + two.answer().status, 400);
    RawConnection three(peer.port());
    CHECK(three.closed());
    one.reset();
    size_t left = 2;
    while (left > 1) peer.on_loop([&] { left = peer.server().connections(); });
    RawConnection again(peer.port());
    CHECK(again.send(get("/x")));
    CHECK_EQ(again.answer().status, 200);
}

constexpr size_t kCrowd = 10'000;

// A process of its own, because both ends of 10,000 connections are more descriptors than one is given.
// Connects, tells so, waits to be told, and exits with 0 when one of the crowd was answered.
[[noreturn]] void be_the_crowd(uint16_t port, int tell, int told) {
    std::vector<int> crowd;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const linger reset{1, 0};  // leave no ports in TIME_WAIT
    for (size_t i = 0; i < kCrowd; ++i) {
        crowd.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        ::setsockopt(crowd.back(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        if (::connect(crowd.back(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            _exit(1);
    }
    char octet = 0;
    if (::write(tell, &octet, 1) != 1 || ::read(told, &octet, 1) != 1) _exit(2);
    const std::string request = get("/x");
    if (::send(crowd[5000], request.data(), request.size(), 0) < 0) _exit(3);
    std::string answer(512, '\0');
    if (::recv(crowd[5000], answer.data(), answer.size(), 0) <= 0) _exit(4);
    _exit(answer.starts_with("HTTP/1.1 200") ? 0 : 5);
}

void raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    constexpr rlim_t kWanted = kCrowd + 200;
    if (limit.rlim_cur >= kWanted) return;
    const rlimit raised{kWanted, std::max(limit.rlim_max, kWanted)};
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &raised), 0);
}

void ten_thousand_connections_are_held_and_the_next_is_refused() {
    raise_descriptor_limit();
    HttpPeer peer({.connections = kCrowd, .connections_per_address = 2 * kCrowd});
    add_routes(peer);
    int ready[2];
    int go[2];
    CHECK(::pipe(ready) == 0 && ::pipe(go) == 0);
    base::Fd ends[] = {base::Fd(ready[0]), base::Fd(ready[1]), base::Fd(go[0]), base::Fd(go[1])};
    const pid_t child = ::fork();  // before there are threads
    CHECK(child >= 0);
    if (child == 0) be_the_crowd(peer.port(), ready[1], go[0]);
    ends[1].reset();  // so that the pipe ends with the child
    peer.start();
    char octet = 0;
    CHECK_EQ(::read(ready[0], &octet, 1), 1);
    size_t held = 0;
    while (held < kCrowd) peer.on_loop([&] { held = peer.server().connections(); });
    RawConnection refused(peer.port());
    CHECK(refused.closed());
    CHECK_EQ(::write(go[1], &octet, 1), 1);
    int status = -1;
    CHECK_EQ(::waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 0);
    while (held > 0) peer.on_loop([&] { held = peer.server().connections(); });
}

std::shared_ptr<tls::ServerContext> context(const tls::Files& files, tls::ClientCertificate wanted) {
    auto made = tls::ServerContext::create(files, wanted);
    CHECK_OK(made);
    return *made;
}

void a_browsers_listener_asks_for_no_certificate() {
    test::Certs certs;
    HttpPeer peer({}, context(certs.files("cbe"), tls::ClientCertificate::kNone));
    add_routes(peer);
    peer.router().add(
        {Method::kGet, "/machines", Access::role({"cbc", "admin"}), 0, [](const Request&, ResponderPtr) {}});
    peer.start();
    RawConnection client(peer.port(), {"", "", {certs.authority()}});
    CHECK(client.send(get("/x")));
    const auto answer = client.answer();
    CHECK_EQ(answer.status, 200);
    CHECK_EQ(answer.field("strict-transport-security"), "max-age=31536000");
    CHECK(client.send(get("/machines")));
    CHECK_EQ(client.answer().status, 401);
}

void a_certificate_is_required_where_it_is_wanted() {
    test::Certs certs;
    test::Certs strangers;
    HttpPeer peer({}, context(certs.files("cbc"), tls::ClientCertificate::kRequired));
    add_routes(peer);
    peer.start();
    RawConnection none(peer.port(), {"", "", {certs.authority()}});
    none.send(get("/x"));
    CHECK(none.closed());
    tls::Files strange = strangers.files("cbe");
    strange.trusted = {certs.authority()};
    RawConnection stranger(peer.port(), strange);
    stranger.send(get("/x"));
    CHECK(stranger.closed());
    RawConnection plain(peer.port());
    plain.send(get("/x"));
    CHECK_EQ(plain.answer().status, 0);
    RawConnection good(peer.port(), certs.files("cbe"));
    CHECK(good.send(get("/x")));
    CHECK_EQ(good.answer().status, 200);
}

void a_wrong_role_gets_403_with_the_roles_wanted() {
    test::Certs certs;
    HttpPeer peer({}, context(certs.files("cbc"), tls::ClientCertificate::kRequired));
    peer.router().add({Method::kPost, "/alerts", Access::role({"cbe", "admin"}), 1000,
                       [](const Request&, ResponderPtr) {}});
    peer.start();
    RawConnection client(peer.port(), certs.files("ocs"));
    CHECK(client.send(post("/alerts", "{}")));
    const auto answer = client.answer();
    CHECK_EQ(answer.status, 403);
    CHECK_EQ(answer.field("content-type"), "application/problem+json");
    CHECK(has(answer.body, "This route is for role cbe or admin; yours is ocs."));
}

void tls_1_2_gets_nowhere() {
    test::Certs certs;
    HttpPeer peer({}, context(certs.files("cbe"), tls::ClientCertificate::kNone));
    add_routes(peer);
    peer.start();
    const RawConnection plain(peer.port());
    const std::unique_ptr<SSL_CTX, base::FreeWith<SSL_CTX_free>> old(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_max_proto_version(old.get(), TLS1_2_VERSION);
    const std::unique_ptr<SSL, base::FreeWith<SSL_free>> ssl(SSL_new(old.get()));
    SSL_set_fd(ssl.get(), plain.fd());
    CHECK(SSL_connect(ssl.get()) != 1);
    RawConnection now(peer.port(), {"", "", {certs.authority()}});
    CHECK(now.send(get("/x")));
    CHECK_EQ(now.answer().status, 200);
}

void a_handshake_that_stalls_is_ended() {
    test::Certs certs;
    HttpPeer peer({.head_deadline = 60ms}, context(certs.files("cbe"), tls::ClientCertificate::kNone));
    add_routes(peer);
    peer.start();
    RawConnection client(peer.port());
    CHECK(client.send("\x16\x03\x01"));
    CHECK(client.closed());
}

void bodies_and_events_pass_through_tls() {
    test::Certs certs;
    HttpPeer peer({}, context(certs.files("cbc"), tls::ClientCertificate::kRequired));
    std::unique_ptr<http::Responder::EventStream> stream;
    peer.router().add({Method::kPost, "/big", Access::anybody(), 3'000'000,
                       [](const Request& request, ResponderPtr responder) {
                           responder->respond(Response::text(200, request.body));
                       }});
    peer.router().add(
        {Method::kGet, "/events", Access::anybody(), 0, [&](const Request&, ResponderPtr responder) {
             stream = responder->stream();
             stream->send("alert", "hello");
         }});
    peer.start();
    RawConnection client(peer.port(), certs.files("cbe"));
    const std::string body(3'000'000, 'b');
    CHECK(client.send(post("/big", body)));
    CHECK(client.answer().body == body);
    CHECK(client.send(get("/events")));
    CHECK(has(client.read_until("hello\n\n"), "event: alert\ndata: hello\n\n"));
    peer.on_loop([&] { stream.reset(); });
    CHECK(client.closed());
}

}  // namespace

GROUP(http_limits, CASE(a_head_that_drips_is_ended_at_its_deadline),
      CASE(the_second_head_has_its_deadline_too), CASE(a_connection_that_says_nothing_is_ended),
      CASE(a_body_that_drips_is_ended_at_its_deadline), CASE(a_reader_that_does_not_read_is_cut_off),
      CASE(a_stream_whose_reader_is_slow_is_closed_at_its_limit), CASE(a_head_beyond_its_limit_is_refused),
      CASE(a_body_beyond_the_routes_limit_is_refused_before_it_is_read),
      CASE(the_answer_arrives_though_the_refused_body_is_still_coming),
      CASE(chunks_are_counted_against_the_limit), CASE(a_body_where_none_is_taken_is_refused),
      CASE(a_head_that_two_readers_could_frame_differently_is_refused),
      CASE(what_is_not_http_is_refused_with_a_problem), CASE(one_address_may_hold_only_so_many_connections),
      CASE(ten_thousand_connections_are_held_and_the_next_is_refused),
      CASE(a_browsers_listener_asks_for_no_certificate), CASE(a_certificate_is_required_where_it_is_wanted),
      CASE(a_wrong_role_gets_403_with_the_roles_wanted), CASE(tls_1_2_gets_nowhere),
      CASE(a_handshake_that_stalls_is_ended), CASE(bodies_and_events_pass_through_tls))
