// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/place.h"

#include <filesystem>

namespace ctl {

base::Result<DaemonName> daemon_named(std::string_view name) {
    for (const DaemonName& daemon : kDaemons)
        if (daemon.folder == name || daemon.binary == name) return daemon;
    return base::not_found("there is no daemon \"" + std::string(name) +
                           "\"; there are cbc, cbe, ocsd, provd and crmd");
}

Place Place::system() { return {"/var/lib/farol", "/etc/farol", "/var/lib/farol", "/run/farol"}; }

Place Place::below(const std::string& root) { return {root, root + "/etc", root + "/state", root + "/run"}; }

std::vector<DaemonName> Place::configured() const {
    std::vector<DaemonName> out;
    for (const DaemonName& daemon : kDaemons) {
        std::error_code ignored;  // a folder that cannot be read has nothing for us
        if (std::filesystem::exists(config(daemon), ignored)) out.push_back(daemon);
    }
    return out;
}

base::Result<std::string> program_folder() {
    std::error_code problem;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
    if (problem) return base::io_error("read /proc/self/exe", problem.value());
    return self.parent_path().string();
}

}  // namespace ctl
