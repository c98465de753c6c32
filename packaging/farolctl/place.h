// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The five daemons, and where their files lie: in the system's folders, or all below one folder that
// `farolctl up` made.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace ctl {

struct DaemonName {
    std::string_view folder;  // in paths, metrics and logs
    std::string_view binary;
    std::string_view role;  // in its certificate
};

// In the order in which they are started; stopped the other way round.
inline constexpr std::array kDaemons{
    DaemonName{"cbc", "cbcd", "cbc"},     DaemonName{"ocsd", "ocsd", "ocs"},
    DaemonName{"provd", "provd", "prov"}, DaemonName{"crmd", "crmd", "crm"},
    DaemonName{"cbe", "cbed", "cbe"},
};

// By folder or by binary.
base::Result<DaemonName> daemon_named(std::string_view name);

class Place {
 public:
    static Place system();
    static Place below(const std::string& root);

    std::string config(const DaemonName& daemon) const {
        return etc_ + "/" + std::string(daemon.folder) + ".yaml";
    }
    std::string state(const DaemonName& daemon) const { return state_ + "/" + std::string(daemon.folder); }
    std::string runtime(const DaemonName& daemon) const { return run_ + "/" + std::string(daemon.folder); }
    std::string control_socket(const DaemonName& daemon) const { return runtime(daemon) + "/control.sock"; }
    std::string log(const DaemonName& daemon) const {
        return root_ + "/log/" + std::string(daemon.folder) + ".log";
    }
    std::string tls() const { return etc_ + "/tls"; }
    std::string pid_file() const { return root_ + "/farolctl.pid"; }
    std::string accounts() const { return root_ + "/demo-accounts.json"; }
    const std::string& root() const { return root_; }

    // Those that have a configuration here.
    std::vector<DaemonName> configured() const;

 private:
    Place(std::string root, std::string etc, std::string state, std::string run)
        : root_(std::move(root)), etc_(std::move(etc)), state_(std::move(state)), run_(std::move(run)) {}
    std::string root_;
    std::string etc_;
    std::string state_;
    std::string run_;
};

// The folder in which this program and the daemons' programs lie.
base::Result<std::string> program_folder();

}  // namespace ctl
