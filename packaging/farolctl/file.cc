// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ctl {

base::Result<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return base::not_found(path + " cannot be read");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

base::Result<void> write_file(const std::string& path, const std::string& text, FileMode mode) {
    const std::string fresh = path + ".new";
    const mode_t bits = mode == FileMode::kOwnerOnly ? 0600 : 0644;
    const base::Fd out(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, bits));
    if (!out) return base::io_error("open " + fresh, errno);
    for (size_t at = 0; at < text.size();) {
        const ssize_t wrote = write(out.get(), text.data() + at, text.size() - at);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) return base::io_error("write " + fresh, errno);
        at += static_cast<size_t>(wrote);
    }
    if (rename(fresh.c_str(), path.c_str()) != 0) return base::io_error("rename to " + path, errno);
    return {};
}

base::Result<void> make_folders(const std::string& path) {
    std::error_code problem;
    std::filesystem::create_directories(path, problem);
    if (problem) return base::io_error("make " + path, problem.value());
    return {};
}

base::Result<base::Fd> lock_pid_file(const std::string& path) {
    base::Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!file) return base::io_error("open " + path, errno);
    if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        const auto text = read_file(path);
        return base::conflict("it runs already, as process " + (text ? *text : std::string("?")));
    }
    const std::string pid = std::to_string(getpid());
    if (ftruncate(file.get(), 0) != 0 || pwrite(file.get(), pid.data(), pid.size(), 0) < 0)
        return base::io_error("write " + path, errno);
    return file;
}

base::Result<int> pid_in_locked_file(const std::string& path) {
    const auto none = base::not_found("nothing runs here (" + path + ")");
    const base::Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return none;
    if (flock(file.get(), LOCK_SH | LOCK_NB) == 0) return none;  // nobody holds it: what it says is old
    const auto text = read_file(path);
    if (!text) return text.error();
    int pid = 0;
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), pid);
    if (problem != std::errc{} || pid <= 1) return base::invalid(path + " holds no process id");
    return pid;
}

}  // namespace ctl
