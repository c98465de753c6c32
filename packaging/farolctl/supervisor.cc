// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/supervisor.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "packaging/farolctl/child.h"

namespace ctl {

namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 50ms;         // how often we look whether a daemon listens
constexpr auto kStopPatience = 20s;  // a daemon drains within 10 s
constexpr size_t kTailLines = 15;

std::string how_it_ended(int wait_status) {
    if (WIFEXITED(wait_status)) return "ended with " + std::to_string(WEXITSTATUS(wait_status));
    return "was ended by signal " + std::to_string(WTERMSIG(wait_status));
}

}  // namespace

std::string tail_of(const std::string& path, size_t lines) {
    std::ifstream file(path);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    std::string out;
    for (size_t i = all.size() > lines ? all.size() - lines : 0; i < all.size(); ++i) out += all[i] + "\n";
    return out;
}

base::Result<std::unique_ptr<Supervisor>> Supervisor::create(const Place& place,
                                                             std::vector<DaemonName> daemons,
                                                             std::function<void(const std::string&)> say) {
    const auto programs = program_folder();
    if (!programs) return programs.error();
    for (const DaemonName& daemon : daemons)
        if (const std::string path = *programs + "/" + std::string(daemon.binary);
            !std::filesystem::exists(path))
            return base::not_found(path + " does not exist; build it first (make all)");
    auto loop = loop::Loop::create();
    if (!loop) return loop.error();
    std::unique_ptr<Supervisor> out(new Supervisor(place, *programs, std::move(*loop), std::move(say)));
    for (const DaemonName& daemon : daemons) out->daemons_.push_back(Daemon{.name = daemon});
    return out;
}

Supervisor::Supervisor(const Place& place, std::string programs, std::unique_ptr<loop::Loop> loop,
                       std::function<void(const std::string&)> say)
    : place_(place), programs_(std::move(programs)), loop_(std::move(loop)), say_(std::move(say)) {}

base::Result<void> Supervisor::run(std::function<void()> on_ready) {
    on_ready_ = std::move(on_ready);
    for (const int number : {SIGINT, SIGTERM})
        handles_.push_back(loop_->on_signal(number, [this] {
            if (stopping()) return;
            say_("stopping");
            stopping_ = true;
            stop_next();
        }));
    handles_.push_back(loop_->on_signal(SIGCHLD, [this] { reap(); }));
    handles_.push_back(loop_->every(kLook, [this] { look_for_ready(); }));
    for (Daemon& daemon : daemons_)
        if (!stopping()) start(daemon);
    loop_->run();
    handles_.clear();
    if (failure_) return *failure_;
    return {};
}

void Supervisor::start(Daemon& daemon) {
    std::error_code ignored;  // it is not there at the first start
    std::filesystem::remove(place_.runtime(daemon.name) + "/listeners.json", ignored);
    const auto pid =
        spawn({programs_ + "/" + std::string(daemon.name.binary), "--config", place_.config(daemon.name),
               "--state", place_.state(daemon.name), "--runtime", place_.runtime(daemon.name)},
              place_.log(daemon.name));
    if (!pid) return fail(pid.error().text);
    daemon.pid = *pid;
    daemon.state = State::kStarting;
    daemon.started = clock_.ticks();
}

// A daemon writes listeners.json when it listens everywhere.
void Supervisor::look_for_ready() {
    for (Daemon& daemon : daemons_) {
        if (daemon.state != State::kStarting) continue;
        if (!std::filesystem::exists(place_.runtime(daemon.name) + "/listeners.json")) continue;
        daemon.state = State::kReady;
        say_(std::string(daemon.name.binary) + " is ready, process " + std::to_string(daemon.pid));
    }
    const bool all = std::all_of(daemons_.begin(), daemons_.end(),
                                 [](const Daemon& daemon) { return daemon.state == State::kReady; });
    if (!all || all_ready_) return;
    all_ready_ = true;
    on_ready_();
}

void Supervisor::reap() {
    for (Daemon& daemon : daemons_) {
        int status = 0;
        if (daemon.pid == 0 || waitpid(daemon.pid, &status, WNOHANG) != daemon.pid) continue;
        daemon.pid = 0;
        ended(daemon, status);
    }
}

void Supervisor::ended(Daemon& daemon, int wait_status) {
    const std::string name(daemon.name.binary);
    const bool asked = daemon.state == State::kStopping;
    daemon.state = State::kGone;
    daemon.timer.reset();
    if (!asked || wait_status != 0) say_(name + " " + how_it_ended(wait_status));
    if (stopping()) return stop_next();
    if (!all_ready_)
        return fail(name + " " + how_it_ended(wait_status) + " before it was ready; the end of its log:\n" +
                    tail_of(place_.log(daemon.name), kTailLines));
    const auto ran = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.ticks() - daemon.started);
    const auto wait = daemon.back_off.next(ran);
    say_(name + " is started again in " + std::to_string(wait.count()) + " ms");
    daemon.state = State::kWaiting;
    daemon.timer =
        loop_->after(wait, [this, &daemon] { start(daemon); });  // daemons_ never grows after create()
}

void Supervisor::fail(const std::string& why) {
    if (!failure_) failure_ = base::Error{base::ErrorKind::kUnavailable, why};
    stopping_ = true;
    stop_next();
}

// One at a time, last started first.
void Supervisor::stop_next() {
    for (auto daemon = daemons_.rbegin(); daemon != daemons_.rend(); ++daemon) {
        if (daemon->state == State::kStopping) return;
        if (daemon->state == State::kWaiting) {
            daemon->timer.reset();
            daemon->state = State::kGone;
        }
        if (daemon->pid == 0) continue;
        daemon->state = State::kStopping;
        kill(daemon->pid, SIGTERM);
        Daemon& slow = *daemon;
        daemon->timer = loop_->after(kStopPatience, [this, &slow] {
            say_(std::string(slow.name.binary) + " does not end; it is killed");
            if (slow.pid != 0) kill(slow.pid, SIGKILL);
        });
        return;
    }
    loop_->post([this] { loop_->stop(); });  // stop() before run() would be forgotten
}

}  // namespace ctl
