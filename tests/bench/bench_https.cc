// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Requests a second over mutual TLS on 16 kept connections, and how long each takes; new connections a
// second. The clients share the machine with the server.
#include <openssl/ssl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "common/base/free_with.h"
#include "common/http/server.h"
#include "common/loop/loop.h"
#include "common/tls/authority.h"
#include "tests/support/tls_connection.h"

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
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

std::string request() {
    const std::string body =
        R"({"alert_id":"0198a3c0-7d1e-7000-8000-000000000000","revision":1,"padding":")" +
        std::string(200, 'x') + "\"}";
    return test::request_text("POST", "/alerts/send", body);
}

// The durations of one connection's requests.
std::vector<std::chrono::nanoseconds> load(SSL_CTX* context, uint16_t port) {
    std::vector<std::chrono::nanoseconds> took;
    took.reserve(200'000);
    const std::string text = request();
    test::TlsConnection connection(context, "127.0.0.1", port);
    const auto end = SteadyClock::now() + kTime;
    for (auto begin = SteadyClock::now(); begin < end;) {
        must(connection.exchange(text) == 202, "answer");
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
    const std::string text = request();
    const auto begin = SteadyClock::now();
    int count = 0;
    for (; SteadyClock::now() - begin < 1s; ++count)
        must(test::TlsConnection(context, "127.0.0.1", port).exchange(text) == 202, "answer");
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
