// SPDX-License-Identifier: AGPL-3.0-or-later
//
// cbcd as its callers and peers see it: durable alerts a second, and from a request to the CBSP octets on the
// sockets of 1 and 100 peers. The real program runs as a child; CBEs and BSCs are this process.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "common/base/uuid.h"
#include "common/http/client.h"
#include "common/json/jcs.h"
#include "common/time/clock.h"
#include "tests/peers/mass/fakes.h"
#include "tests/support/certs.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

// What the support code calls when it cannot go on: without a test runner that is the end.
void test::fail_at(const char* file, int line, const std::string& what) {
    std::fprintf(stderr, "%s:%d: %s\n", file, line, what.c_str());
    std::exit(1);
}

namespace {

using Json = nlohmann::json;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kWrites = 400;  // in all, so that a hundred peers take no longer than a few seconds
constexpr int kChains = 64;
constexpr size_t kManyAlerts = 200;
constexpr size_t kRestartAlerts = 100;
constexpr auto kDurableFor = 3s;
constexpr auto kPatience = 60s;

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "bench_cbc: %s\n", why.c_str());
    std::exit(1);
}

class Child {
 public:
    Child(std::string program, const Json& config, const std::string& folder)
        : program_(std::move(program)), folder_(folder) {
        std::ofstream(folder + "/cbc.yaml") << config.dump();
        start();
    }
    ~Child() { end(SIGTERM); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void kill_and_start() {
        end(SIGKILL);
        start();
    }

    uint16_t port() const {
        const auto until = Steady::now() + kPatience;
        while (Steady::now() < until) {
            std::ifstream file(folder_ + "/run/listeners.json");
            const Json listeners = Json::parse(file, nullptr, false);
            if (!listeners.is_discarded()) return listeners["api"][0]["port"].get<uint16_t>();
            std::this_thread::sleep_for(20ms);
        }
        give_up("cbcd did not start; see " + folder_ + "/log");
    }

 private:
    void start() {
        const std::string config = folder_ + "/cbc.yaml", state = folder_ + "/state",
                          runtime = folder_ + "/run";
        std::vector<std::string> words{program_, "--config", config, "--state", state, "--runtime", runtime};
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        const std::string log = folder_ + "/log";
        posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        if (posix_spawn(&pid_, program_.c_str(), &actions, nullptr, argv.data(), environ) != 0)
            give_up("cannot start " + program_);
        posix_spawn_file_actions_destroy(&actions);
    }

    void end(int signal) const {
        kill(pid_, signal);
        waitpid(pid_, nullptr, 0);
    }

    std::string program_;
    std::string folder_;
    pid_t pid_ = 0;
};

class Bench {
 public:
    Bench(const std::string& program, int peers) {
        auto made = loop::Loop::create();
        if (!made) give_up(made.error().text);
        loop_ = std::move(*made);
        for (int i = 0; i < peers; ++i)
            bscs_.push_back(mass::fake_bsc(*loop_, [this](mass::Verb, uint16_t) { wrote(); }));
        const tls::Files server = certs_.files("cbc");
        std::ofstream(folder_ / "cells.csv")
            << "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,100,Site,0,0\n";
        Json config{
            {"api",
             {{"listen", "127.0.0.1:0"},
              {"certificate", server.certificate},
              {"key", server.key},
              {"trusted", {server.trusted.front().file}}}},
            {"log", {{"level", "warning"}}},
            {"store", {{"reserve", "1MiB"}}},
            {"cells", folder_ / "cells.csv"},
            {"cbes",
             {{"bench",
               {{"certificate", "farol://test/cbe/a"}, {"codes", "0-1023"}, {"identifiers", {"4370"}}}}}},
            {"cbsp", {{"restart_wait", "10ms"}}},
            {"peers", Json::object()}};
        for (size_t i = 0; i < bscs_.size(); ++i)
            config["peers"]["bsc-" + std::to_string(i)] = {
                {"role", "client"}, {"address", "127.0.0.1:" + std::to_string(bscs_[i]->port())}};
        child_ = std::make_unique<Child>(program, config, folder_.path());
        port_ = child_->port();
        client_ = std::make_unique<http::Client>(*loop_, certs_.files("cbe"));
    }

    // Runs the loop until `is_done`.
    void run(const std::function<bool()>& is_done) {
        const auto until = Steady::now() + kPatience;
        const auto look = loop_->every(1ms, [&] {
            if (is_done()) loop_->stop();
            if (Steady::now() > until) give_up("nothing happens any more");
        });
        if (!is_done()) loop_->run();
    }

    void wait_peers() {
        run([&] {
            return std::all_of(bscs_.begin(), bscs_.end(), [](const auto& bsc) { return bsc->ready(); });
        });
    }

    // One alert after another; the times until its octets reach the first and the last peer.
    void latencies(const std::string& name) {
        const int rounds = std::max(20, kWrites / static_cast<int>(bscs_.size()));
        std::vector<double> first, last;
        for (int round = 0; round < rounds; ++round) {
            writes_.clear();
            bool answered = false;
            const auto body = request(new_id(), 1, static_cast<uint16_t>(round), 3600);
            const auto start = Steady::now();
            call(body, [&] { answered = true; });
            run([&] { return answered && writes_.size() == bscs_.size(); });
            first.push_back(milliseconds(writes_.front() - start));
            last.push_back(milliseconds(writes_.back() - start));
        }
        show(name + "_first_write", first);
        if (bscs_.size() > 1) show(name + "_last_write", last);
    }

    // Many alerts, each to every peer: how long until the last of them has the last of the writes.
    void many(const std::string& name, size_t alerts) {
        writes_.clear();
        const auto start = Steady::now();
        for (size_t i = 0; i < alerts; ++i) call(request(new_id(), 1, static_cast<uint16_t>(i), 3600), [] {});
        run([&] { return writes_.size() == alerts * bscs_.size(); });
        std::printf("%s %.3f s\n", name.c_str(), milliseconds(writes_.back() - start) / 1000);
    }

    // kill -9 and start: until every peer has been asked again for every alert, cbcd's own start included.
    void restart(const std::string& name, size_t alerts) {
        writes_.clear();
        const auto start = Steady::now();
        child_->kill_and_start();
        run([&] { return writes_.size() >= alerts * bscs_.size(); });
        std::printf("%s %.3f s\n", name.c_str(), milliseconds(writes_.back() - start) / 1000);
    }

    // Many callers at once, each raising the revision of an alert of its own.
    void durable() {
        size_t stored = 0;
        int running = kChains;
        const auto start = Steady::now();
        std::vector<std::string> ids;
        for (int i = 0; i < kChains; ++i) ids.push_back(new_id());
        std::function<void(int, int)> next = [&](int chain, int revision) {
            if (Steady::now() - start > kDurableFor) {
                --running;
                return;
            }
            call(request(ids[static_cast<size_t>(chain)], revision, static_cast<uint16_t>(chain),
                         3600 + revision),
                 [&, chain, revision] {
                     ++stored;
                     next(chain, revision + 1);
                 });
        };
        for (int chain = 0; chain < kChains; ++chain) next(chain, 1);
        run([&] { return running == 0; });
        const double seconds = std::chrono::duration<double>(Steady::now() - start).count();
        std::printf("cbc_durable_alerts %.0f alerts/s\n", static_cast<double>(stored) / seconds);
    }

 private:
    static double milliseconds(Steady::duration d) {
        return std::chrono::duration<double, std::milli>(d).count();
    }

    static void show(const std::string& name, std::vector<double> values) {
        std::sort(values.begin(), values.end());
        const auto at = [&](double part) {
            return values[static_cast<size_t>(static_cast<double>(values.size() - 1) * part)];
        };
        std::printf("%s_p50 %.3f ms\n%s_p99 %.3f ms\n", name.c_str(), at(0.5), name.c_str(), at(0.99));
    }

    static std::string new_id() {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return base::new_uuid(
                   static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count()))
            .text();
    }

    static std::string request(const std::string& id, int revision, uint16_t code, int seconds) {
        const base::Instant now = base::SystemClock{}.now();
        const std::string time = base::to_rfc3339(now);
        const Json content{
            {"mode", "live"},
            {"serial_number", 0x4000 | code << 4},
            {"messages", {{{"message_identifier", 4370}, {"language", "en"}, {"text", "Water is rising"}}}},
            {"area", {{"kind", "all"}}},
            {"start", time},
            {"end", base::to_rfc3339(now + std::chrono::seconds{seconds})},
            {"repetition_period_s", 60},
            {"number_of_broadcasts", nullptr},
            {"category", "normal"}};
        const auto decision = [&](const char* action, const char* user) {
            return Json{{"action", action}, {"user", user}, {"time", time}, {"totp_step", 1}};
        };
        const auto digest = json::digest(content);
        if (!digest) give_up(digest.error().text);
        return Json{{"alert_id", id},
                    {"revision", revision},
                    {"content", content},
                    {"digest", *digest},
                    {"decisions", {decision("submit", "ana"), decision("approve", "bruno")}}}
            .dump();
    }

    void call(std::string body, std::function<void()> then) {
        http::ClientRequest request;
        request.method = http::Method::kPost;
        request.url = "https://127.0.0.1:" + std::to_string(port_) + "/alerts/send";
        request.headers = {{"content-type", "application/json"}};
        request.body = std::move(body);
        client_->call(std::move(request), [then = std::move(then)](base::Result<http::Response> response) {
            if (!response) give_up(response.error().text);
            if (response->status != 202) give_up(std::to_string(response->status) + " " + response->body);
            then();
        });
    }

    void wrote() { writes_.push_back(Steady::now()); }

    test::Certs certs_;
    test::TempDir folder_;
    std::unique_ptr<loop::Loop> loop_;
    std::vector<mass::FakePtr> bscs_;
    std::unique_ptr<Child> child_;
    std::unique_ptr<http::Client> client_;
    uint16_t port_ = 0;
    std::vector<Steady::time_point> writes_;
};

}  // namespace

int main(int, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const std::string self = argv[0];
    const std::string program = self.substr(0, self.rfind('/') + 1) + "cbcd";
    Bench{program, 0}.durable();
    for (const int peers : {1, 100}) {
        Bench bench{program, peers};
        bench.wait_peers();
        bench.latencies("cbc_" + std::to_string(peers) + "_peers");
    }
    const std::string matrix = std::to_string(kManyAlerts) + "_alerts_100_peers";
    Bench busy{program, 100};
    busy.wait_peers();
    busy.many("cbc_" + matrix, kManyAlerts);
    Bench restarted{program, 100};
    restarted.wait_peers();
    restarted.many("cbc_" + std::to_string(kRestartAlerts) + "_alerts_100_peers", kRestartAlerts);
    restarted.restart("cbc_restart_" + std::to_string(kRestartAlerts) + "_alerts_100_peers", kRestartAlerts);
    return 0;
}
