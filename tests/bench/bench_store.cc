// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Commits per second and latency of the real store, with 1, 16 and 256 changes in flight. One change puts one
// row of 256 octets; it is done when on_done is called, that is, after the sync. The state is put under
// $TMPDIR (default /var/tmp, since /tmp may be memory).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/store/key.h"
#include "common/store/lmdb_store.h"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kWarmUp = 300ms;
constexpr auto kMeasured = 2s;

class Run {
 public:
    Run(loop::Loop& loop, store::Store& store) : loop_(loop), store_(store) {}

    // Keeps `in_flight` changes under way until the time is over.
    void measure(size_t in_flight) {
        begin_ = Clock::now() + kWarmUp;
        for (size_t i = 0; i < in_flight; ++i) submit();
        loop_.run();
        report(in_flight);
    }

 private:
    void submit() {
        ++open_;
        const uint64_t number = next_++ % 100'000;
        store_.submit(
            [number](store::Transaction& txn) -> base::Result<void> {
                txn.put("bench", store::Key().number(number), std::string(256, 'x'));
                return {};
            },
            [this, since = Clock::now()](const store::Done& done) { on_done(since, done); });
    }

    void on_done(Clock::time_point since, const store::Done& done) {
        --open_;
        const auto now = Clock::now();
        if (done.outcome != store::Outcome::kOk) {
            std::fprintf(stderr, "bench_store: %s\n", done.error.text.c_str());
            std::exit(1);
        }
        if (now >= begin_ && now < begin_ + kMeasured) latencies_.push_back(now - since);
        if (now < begin_ + kMeasured) {
            submit();
        } else if (open_ == 0) {
            loop_.stop();
        }
    }

    void report(size_t in_flight) {
        std::sort(latencies_.begin(), latencies_.end());
        const auto at = [&](size_t percent) {
            const auto index = std::min(latencies_.size() - 1, latencies_.size() * percent / 100);
            return std::chrono::duration<double, std::milli>(latencies_[index]).count();
        };
        if (latencies_.empty()) std::exit(1);
        const double seconds = std::chrono::duration<double>(kMeasured).count();
        std::printf("store_commits_%zu_in_flight %.0f 1/s\n", in_flight,
                    static_cast<double>(latencies_.size()) / seconds);
        std::printf("store_latency_p50_%zu_in_flight %.3f ms\n", in_flight, at(50));
        std::printf("store_latency_p99_%zu_in_flight %.3f ms\n", in_flight, at(99));
        std::fflush(stdout);
        latencies_.clear();
    }

    loop::Loop& loop_;
    store::Store& store_;
    Clock::time_point begin_;
    std::vector<Clock::duration> latencies_;
    size_t open_ = 0;
    uint64_t next_ = 0;
};

}  // namespace

int main() {
    const char* place = std::getenv("TMPDIR");
    std::string directory = std::string(place != nullptr ? place : "/var/tmp") + "/farol-bench-XXXXXX";
    if (mkdtemp(directory.data()) == nullptr) return std::perror(directory.c_str()), 1;
    auto loop = loop::Loop::create();
    if (!loop) return std::fprintf(stderr, "bench_store: %s\n", loop.error().text.c_str()), 1;
    store::StoreConfig config;
    config.directory = directory + "/store";
    config.quota.reserve = 0;
    auto store = store::LmdbStore::open(config, **loop, logs::Log::discard());
    if (!store) return std::fprintf(stderr, "bench_store: %s\n", store.error().text.c_str()), 1;
    Run run{**loop, **store};
    for (const size_t in_flight : {1, 16, 256}) run.measure(in_flight);
    store->reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
    return 0;
}
