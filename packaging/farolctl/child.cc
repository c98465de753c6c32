// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/child.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include "common/base/fd.h"

namespace ctl {

namespace {

constexpr size_t kMaxOutput = 1024 * 1024;
constexpr int kCannotStart = 127;

std::vector<char*> pointers(const std::vector<std::string>& argv) {
    std::vector<char*> out;
    out.reserve(argv.size() + 1);
    for (const std::string& one : argv) out.push_back(const_cast<char*>(one.c_str()));
    out.push_back(nullptr);
    return out;
}

// In the child: signals as a program expects them, streams in place, then the program.
[[noreturn]] void become(const std::vector<char*>& argv, int output) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input >= 0) dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execv(argv[0], argv.data());
    dprintf(STDERR_FILENO, "%s: cannot be started (errno %d)\n", argv[0], errno);
    _exit(kCannotStart);
}

int exit_code_of(int wait_status) {
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

}  // namespace

base::Result<Ran> run_program(const std::vector<std::string>& argv) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return base::io_error("pipe", errno);
    base::Fd reading(ends[0]);
    base::Fd writing(ends[1]);
    const auto words = pointers(argv);
    const pid_t pid = fork();
    if (pid < 0) return base::io_error("fork", errno);
    if (pid == 0) become(words, writing.get());
    writing.reset();
    Ran ran{0, {}};
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = read(reading.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        if (ran.output.size() < kMaxOutput) ran.output.append(buffer.data(), static_cast<size_t>(got));
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return base::io_error("wait for " + argv[0], errno);
    ran.exit_code = exit_code_of(status);
    return ran;
}

base::Result<pid_t> spawn(const std::vector<std::string>& argv, const std::string& log) {
    const base::Fd output(open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640));
    if (!output) return base::io_error("open " + log, errno);
    const auto words = pointers(argv);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) return base::io_error("fork", errno);
    if (pid > 0) return pid;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(kCannotStart);  // we were gone before prctl
    become(words, output.get());
}

}  // namespace ctl
