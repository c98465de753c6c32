// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Clients on a key-value daemon, recorded: `workload run` loads it, `workload final` reads every node when
// all is over.
//
// The last line of output is a JSON object with what was counted. SIGTERM and SIGINT: no new operations;
// those under way are settled. Exit code 0: done; 1: the cluster took no write at all, or the final reading
// has holes; 2: a wrong call, or a history that cannot be written.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "tests/cluster/workload/client.h"
#include "tests/cluster/workload/final_reading.h"
#include "tests/cluster/workload/options.h"

namespace workload {
namespace {

using namespace std::chrono_literals;

constexpr auto kSetUp = 60s;     // for the bank to be created
constexpr auto kSettling = 20s;  // for operations under way at the end

int fail(const std::string& why) {
    std::fprintf(stderr, "workload: %s\n", why.c_str());
    return 2;
}

class Run {
 public:
    Run(Context& context, bool has_bank) : context_(context), has_bank_(has_bank) {
        for (size_t i = 0; i < context.options.clients; ++i)
            clients_.push_back(std::make_unique<Client>(context, i, [this] { on_idle(); }));
    }

    int run() {
        for (const int number : {SIGTERM, SIGINT})
            signals_.push_back(context_.loop.on_signal(number, [this] { stop(); }));
        if (has_bank_ || context_.options.mix.shares.bank == 0) {
            begin();
        } else {
            limit_ = context_.loop.after(kSetUp, [this] { context_.loop.stop(); });
            clients_.front()->run_first(bank_creation());
        }
        context_.loop.run();
        return context_.counts.outcomes["ok"] > 0 ? 0 : 1;
    }

 private:
    void begin() {
        has_begun_ = true;
        limit_.reset();
        if (context_.options.seconds > 0)
            limit_ = context_.loop.after(
                std::chrono::microseconds(static_cast<int64_t>(context_.options.seconds * 1e6)),
                [this] { stop(); });
        for (const auto& client : clients_) client->run();
    }

    void on_idle() {
        if (!has_begun_ && !context_.is_stopping) return begin();
        if (++idle_ == clients_.size() || !has_begun_) context_.loop.stop();
    }

    void stop() {
        context_.is_stopping = true;
        // What is not settled by then has no return in the history: unknown.
        limit_ = context_.loop.after(kSettling, [this] { context_.loop.stop(); });
    }

    Context& context_;
    bool has_bank_;
    bool has_begun_ = false;
    std::vector<std::unique_ptr<Client>> clients_;
    std::vector<loop::HandlePtr> signals_;
    loop::HandlePtr limit_;
    size_t idle_ = 0;
};

int read_at_the_end(Context& context, const checker::History& history) {
    FinalReading reading(context, objects_of(history), [&context] { context.loop.stop(); });
    reading.run();
    context.loop.run();
    return context.counts.outcomes["unknown"] == 0 ? 0 : 1;
}

void print(const Counts& counts, double seconds) {
    const nlohmann::json out = {{"operations", counts.operations},
                                {"outcomes", counts.outcomes},
                                {"reasons", counts.reasons},
                                {"repeats", counts.repeats},
                                {"seconds", seconds},
                                {"longest_gap_ms", counts.longest_gap_ns / 1'000'000}};
    std::printf("%s\n", out.dump().c_str());
}

int run(const Call& call) {
    const Options& options = call.options;
    checker::History before;
    if (std::ifstream file(options.history); file) {
        auto read = checker::read_history(file);
        if (!read) return fail(options.history + ": " + read.error().text);
        before = *std::move(read);
    }
    auto loop = loop::Loop::create();
    auto recorder = Recorder::open(options.history);
    if (!loop) return fail(loop.error().text);
    if (!recorder) return fail(recorder.error().text);
    std::optional<tls::Files> files;
    if (!options.certificate.empty())
        files = tls::Files{options.certificate, options.key, {options.authority}};
    http::Client http(**loop, files);
    Mix mix(options.mix, *recorder);
    Context context{**loop, http, *recorder, mix, options, {}};
    const bool has_bank = std::any_of(before.operations.begin(), before.operations.end(),
                                      [](const auto& one) { return one.kind == checker::Kind::kBankCreate; });
    const int64_t began = now_ns();
    const int code =
        call.mode == Mode::kRun ? Run(context, has_bank).run() : read_at_the_end(context, before);
    print(context.counts, static_cast<double>(now_ns() - began) / 1e9);
    return code;
}

}  // namespace
}  // namespace workload

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const auto call = workload::parse_call({argv + 1, argv + argc});
    if (!call) {
        std::fprintf(stderr, "workload: %s\n%s", call.error().text.c_str(), workload::kUsage);
        return 2;
    }
    return workload::run(*call);
}
