// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Runs daemons in the foreground: starts them, starts again what ends by itself (with a back-off), and stops
// all of them one after another, last started first.
//
//     run(): start all ──▶ all ready: `on_ready` once ──▶ SIGINT or SIGTERM ──▶ stop one by one ──▶ run()
//     returns
//                 └─ one ends before all were ready: stop all, run() fails with the end of its log
//
// Each daemon:  starting ─▶ ready ─▶ (ended) ─▶ waiting ─▶ starting …      stop: SIGTERM, after 20 s SIGKILL
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/loop/loop.h"
#include "common/time/clock.h"
#include "packaging/farolctl/back_off.h"
#include "packaging/farolctl/place.h"

namespace ctl {

class Supervisor {
 public:
    // `say` gets a line for people whenever something happens.
    static base::Result<std::unique_ptr<Supervisor>> create(const Place& place,
                                                            std::vector<DaemonName> daemons,
                                                            std::function<void(const std::string&)> say);
    // Until a signal; `on_ready` is called once, when every daemon listens.
    base::Result<void> run(std::function<void()> on_ready);

 private:
    enum class State { kStarting, kReady, kWaiting, kStopping, kGone };
    struct Daemon {
        DaemonName name;
        State state = State::kGone;
        pid_t pid = 0;
        base::Ticks started{};
        BackOff back_off{};
        loop::HandlePtr timer{};
    };

    Supervisor(const Place& place, std::string programs, std::unique_ptr<loop::Loop> loop,
               std::function<void(const std::string&)> say);
    void start(Daemon& daemon);
    void look_for_ready();
    void reap();
    void ended(Daemon& daemon, int wait_status);
    void stop_next();
    void fail(const std::string& why);
    bool stopping() const { return stopping_; }

    Place place_;
    std::string programs_;
    std::unique_ptr<loop::Loop> loop_;
    std::function<void(const std::string&)> say_;
    base::SystemClock clock_;
    std::vector<Daemon> daemons_;
    std::function<void()> on_ready_;
    bool all_ready_ = false;
    bool stopping_ = false;
    std::optional<base::Error> failure_;
    std::vector<loop::HandlePtr> handles_;
};

// The last lines of a file, for people; empty when it cannot be read.
std::string tail_of(const std::string& path, size_t lines);

}  // namespace ctl
