// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/runtime_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace frame {

base::Result<void> write_listeners(const std::string& runtime, const Listeners& listeners) {
    nlohmann::json all = nlohmann::json::object();
    for (const auto& [name, places] : listeners)
        for (const http::Bound& bound : places)
            all[name].push_back({{"host", bound.host}, {"port", bound.port}});
    const std::string text = all.dump() + "\n";
    const std::string path = runtime + "/listeners.json", fresh = path + ".new";
    const base::Fd file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file) return base::io_error("open " + fresh, errno);
    if (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return base::io_error("write " + fresh, errno);
    if (rename(fresh.c_str(), path.c_str()) != 0) return base::io_error("rename " + fresh, errno);
    return {};
}

base::Result<void> make_folder(const std::string& path, unsigned mode) {
    if (mkdir(path.c_str(), mode) == 0 || errno == EEXIST) return {};
    return base::io_error("make folder " + path, errno);
}

base::Result<base::Fd> lock_state(const std::string& state) {
    const std::string path = state + "/lock";
    base::Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file) return base::io_error("open " + path, errno);
    if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return base::io_error("lock " + path, errno);
        char owner[24] = {};
        const ssize_t count = pread(file.get(), owner, sizeof owner - 1, 0);
        return base::conflict("state folder " + state + " is in use by process " +
                              std::string(owner, count > 0 ? static_cast<size_t>(count) : 0) +
                              "; stop it, or give another --state");
    }
    const std::string mine = std::to_string(getpid());
    if (ftruncate(file.get(), 0) != 0 || pwrite(file.get(), mine.data(), mine.size(), 0) < 0)
        return base::io_error("write " + path, errno);
    return file;
}

}  // namespace frame
