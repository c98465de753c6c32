// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Requests a second over mutual TLS on 16 kept connections, and how long each takes; new connections a
// second. The clients share the machine with the server.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "common/base/fd.h"
#include "common/base/free_with.h"
#include "common/http/server.h"
#include "common/loop/loop.h"
#include "common/tls/authority.h"

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using SslPtr = std::unique_ptr<SSL, base::FreeWith<SSL_free>>;
using SslCtxPtr = std::unique_ptr<SSL_CTX, base::FreeWith<SSL_CTX_free>>;

constexpr int kConnections = 16;
constexpr auto kTime = 3s;

void must(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "bench_https: %s\n", what);
    std::exit(1);
}

// Certificates for one run.
class Site {
 public:
    Site() {
        must(mkdtemp(directory_.data()) != nullptr, "no temporary directory");
        auto made = tls::Authority::create("bench", clock_.now());
        must(static_cast<bool>(made), "no authority");
        authority_ = std::make_unique<tls::Authority>(std::move(*made));
        must(static_cast<bool>(authority_->pair()->save(path("ca.pem"), path("ca.key"))), "no authority");
    }
    ~Site() { std::filesystem::remove_all(directory_); }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    tls::Files files(const std::string& role) {
        const auto identity = tls::Identity::parse("farol://bench/" + role + "/a");
        const auto pair =
            authority_->issue({*identity, {}, {"127.0.0.1"}, std::chrono::days{1}}, clock_.now());
        must(pair && pair->save(path(role + ".pem"), path(role + ".key")), "no certificate");
        return {path(role + ".pem"), path(role + ".key"), {path("ca.pem")}};
    }

 private:
    std::string path(const std::string& name) const { return directory_ + "/" + name; }
    base::SystemClock clock_;
    std::string directory_ = (std::filesystem::temp_directory_path() / "farol-bench-XXXXXX").string();
    std::unique_ptr<tls::Authority> authority_;
};

class Connection {
 public:
    Connection(SSL_CTX* context, uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        must(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
             "connect");
        ssl_.reset(SSL_new(context));
        SSL_set_fd(ssl_.get(), fd_.get());
        must(SSL_connect(ssl_.get()) == 1, "TLS handshake");
    }

    void exchange(std::string_view request) {
        must(SSL_write(ssl_.get(), request.data(), static_cast<int>(request.size())) > 0, "write");
        std::array<char, 4096> answer{};
        // An answer this small comes in one TLS record.
        const int got = SSL_read(ssl_.get(), answer.data(), static_cast<int>(answer.size()));
        must(got > 12 && std::string_view(answer.data(), 12) == "HTTP/1.1 202", "answer");
    }

 private:
    base::Fd fd_;
    SslPtr ssl_;
};

std::string request_text() {
    const std::string body =
        R"({"alert_id":"0198a3c0-7d1e-7000-8000-000000000000","revision":1,"padding":")" +
        std::string(200, 'x') + "\"}";
    return "POST /alerts/send HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
           "application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

// The durations of one connection's requests.
std::vector<std::chrono::nanoseconds> load(SSL_CTX* context, uint16_t port) {
    std::vector<std::chrono::nanoseconds> took;
    took.reserve(200'000);
    const std::string request = request_text();
    Connection connection(context, port);
    const auto end = SteadyClock::now() + kTime;
    for (auto begin = SteadyClock::now(); begin < end;) {
        connection.exchange(request);
        const auto now = SteadyClock::now();
        took.push_back(now - begin);
        begin = now;
    }
    return took;
}

void measure_requests(SSL_CTX* context, uint16_t port) {
    std::vector<std::vector<std::chrono::nanoseconds>> results(kConnections);
    std::vector<std::thread> clients;
    clients.reserve(kConnections);
    const auto begin = SteadyClock::now();
    for (auto& result : results)
        clients.emplace_back([&result, context, port] { result = load(context, port); });
    for (auto& client : clients) client.join();
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    std::vector<std::chrono::nanoseconds> all;
    for (const auto& result : results) all.insert(all.end(), result.begin(), result.end());
    std::sort(all.begin(), all.end());
    const auto at = [&](double share) {
        const auto index = static_cast<size_t>(share * static_cast<double>(all.size() - 1));
        return std::chrono::duration<double, std::micro>(all[index]).count();
    };
    std::printf("https_requests %.0f requests/s\n", static_cast<double>(all.size()) / seconds);
    std::printf("https_latency_p50 %.0f us\n", at(0.50));
    std::printf("https_latency_p99 %.0f us\n", at(0.99));
}

void measure_connections(SSL_CTX* context, uint16_t port) {
    const std::string request = request_text();
    const auto begin = SteadyClock::now();
    int count = 0;
    for (; SteadyClock::now() - begin < 1s; ++count) Connection(context, port).exchange(request);
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
    std::printf("https_new_connections %.0f connections/s\n", count / seconds);
}

}  // namespace

int main() {
    Site site;
    auto tls = tls::ServerContext::create(site.files("cbc"), tls::ClientCertificate::kRequired);
    must(static_cast<bool>(tls), "no server context");
    http::Router router;
    router.add({http::Method::kPost, "/alerts/send", http::Access::role({"cbe"}), 64 * 1024,
                [](const http::Request& request, http::ResponderPtr responder) {
                    responder->respond(http::Response::json(202, R"({"id":")" + request.request_id + "\"}"));
                }});
    auto loop = loop::Loop::create();
    must(static_cast<bool>(loop), "no loop");
    auto server = std::make_unique<http::Server>(**loop, router, http::Limits{}, logs::Log::discard());
    const auto bound = server->listen({"127.0.0.1", 0}, *tls);
    must(static_cast<bool>(bound), "no listener");
    std::thread serving([&] { (*loop)->run(); });

    const SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    must(static_cast<bool>(tls::prepare_client(context.get(), site.files("cbe"), "cbc")),
         "no client context");
    measure_requests(context.get(), bound->port);
    measure_connections(context.get(), bound->port);

    (*loop)->post([&] {
        server.reset();
        (*loop)->stop();
    });
    serving.join();
    return 0;
}
