// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Writes to a key-value daemon of the tests as fast as it takes them, and says how fast that was.
//
//     kv_load HOST:PORT CERTIFICATE KEY AUTHORITY CONNECTIONS SECONDS
//     kv_load HOST:PORT CERTIFICATE KEY AUTHORITY CONNECTIONS - WRITES
//     kv_load SOCKET - - - CONNECTIONS SECONDS           without TLS: the control socket
//
// Each connection sets registers of its own, one after another. Output: "WRITES FAILED PER_SECOND P50_MS
// P99_MS". A write is repeated after 20 ms while the answer is 503 or the connection is lost.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "common/tls/context.h"
#include "tests/support/tls_connection.h"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using SslCtxPtr = std::unique_ptr<SSL_CTX, base::FreeWith<SSL_CTX_free>>;

constexpr auto kWarmUp = 300ms;
constexpr auto kAgain = 20ms;
constexpr int kKeysEach = 1000;

struct Call {
    std::string host;   // or the path of a socket
    uint16_t port = 0;  // 0: a socket
    tls::Files files;
    int connections = 1;
    double seconds = 0;  // 0: until `writes` have been done
    uint64_t writes = 0;
};

struct Tally {
    std::vector<Clock::duration> took;
    uint64_t failed = 0;
};

class Load {
 public:
    Load(const Call& call, SSL_CTX* context) : call_(call), context_(context) {}

    void run() {
        const auto now = Clock::now();
        begin_ = call_.writes > 0 ? now : now + kWarmUp;
        end_ = begin_ + std::chrono::duration_cast<Clock::duration>(
                            std::chrono::duration<double>(call_.writes > 0 ? 86'400.0 : call_.seconds));
        std::vector<Tally> tallies(static_cast<size_t>(call_.connections));
        std::vector<std::thread> threads;
        for (size_t i = 0; i < tallies.size(); ++i)
            threads.emplace_back([this, i, &tallies] { write(static_cast<int>(i), tallies[i]); });
        for (auto& thread : threads) thread.join();
        report(tallies);
    }

 private:
    bool more(Clock::time_point now) {
        if (now >= end_) return false;
        return call_.writes == 0 || started_.fetch_add(1) < call_.writes;
    }

    test::TlsConnection connect() const {
        return call_.port == 0 ? test::TlsConnection(call_.host)
                               : test::TlsConnection(context_, call_.host, call_.port);
    }

    void write(int number, Tally& tally) {
        test::TlsConnection connection = connect();
        for (int i = 0; more(Clock::now()); ++i) {
            const std::string target =
                "/kv/registers/l" + std::to_string(number) + "-" + std::to_string(i % kKeysEach);
            const std::string request =
                test::request_text("PUT", target, "{\"value\":" + std::to_string(i) + "}");
            const auto sent = Clock::now();
            for (;;) {
                const int status = connection.exchange(request);
                if (status == 200) break;
                ++tally.failed;
                if (Clock::now() >= end_) return;
                std::this_thread::sleep_for(kAgain);
                if (status == 0) connection = connect();
            }
            const auto now = Clock::now();
            if (now >= begin_ && now < end_) tally.took.push_back(now - sent);
        }
    }

    void report(const std::vector<Tally>& tallies) const {
        std::vector<Clock::duration> all;
        uint64_t failed = 0;
        for (const auto& tally : tallies) {
            all.insert(all.end(), tally.took.begin(), tally.took.end());
            failed += tally.failed;
        }
        std::sort(all.begin(), all.end());
        const auto at = [&](double share) {
            if (all.empty()) return 0.0;
            const auto index = static_cast<size_t>(share * static_cast<double>(all.size() - 1));
            return std::chrono::duration<double, std::milli>(all[index]).count();
        };
        const double seconds = std::chrono::duration<double>(std::min(Clock::now(), end_) - begin_).count();
        std::printf("%zu %llu %.0f %.3f %.3f\n", all.size(), static_cast<unsigned long long>(failed),
                    static_cast<double>(all.size()) / seconds, at(0.50), at(0.99));
    }

    const Call& call_;
    SSL_CTX* context_;
    Clock::time_point begin_;
    Clock::time_point end_;
    std::atomic<uint64_t> started_{0};
};

bool parse(int argc, char** argv, Call& call) {
    if (argc < 7) return false;
    const std::string place = argv[1];
    const bool socket = place.starts_with('/');
    const size_t colon = socket ? place.size() : place.rfind(':');
    if (colon == std::string::npos) return false;
    call.host = place.substr(0, colon);
    if (!socket) call.port = static_cast<uint16_t>(std::atoi(place.c_str() + colon + 1));
    call.files.certificate = argv[2];
    call.files.key = argv[3];
    call.files.trusted = {{argv[4]}};
    call.connections = std::atoi(argv[5]);
    call.seconds = std::atof(argv[6]);
    if (argc > 7) call.writes = std::strtoull(argv[7], nullptr, 10);
    return (socket || call.port != 0) && call.connections > 0 && (call.seconds > 0 || call.writes > 0);
}

}  // namespace

int main(int argc, char** argv) {
    Call call;
    if (!parse(argc, argv, call)) {
        std::fprintf(stderr, "kv_load HOST:PORT CERTIFICATE KEY AUTHORITY CONNECTIONS SECONDS|- [WRITES]\n");
        return 2;
    }
    const SslCtxPtr context(SSL_CTX_new(TLS_client_method()));
    const auto ready =
        call.port == 0 ? base::Result<void>() : tls::prepare_client(context.get(), call.files, "ocs");
    if (!ready) {
        std::fprintf(stderr, "kv_load: %s\n", ready.error().text.c_str());
        return 1;
    }
    Load(call, context.get()).run();
    return 0;
}
