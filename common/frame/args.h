// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a daemon is called, and its command line, the same for all five.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/log/log.h"
#include "common/log/sink.h"

namespace loop {
class Loop;
}
namespace replica {
class Links;
struct LinksConfig;
}  // namespace replica

namespace frame {

// The connections of a cluster's nodes.
using OpenLinks = std::function<base::Result<std::unique_ptr<replica::Links>>(const replica::LinksConfig&,
                                                                              loop::Loop&, logs::Log)>;

// What differs from daemon to daemon.
struct Program {
    std::string binary;                           // "cbcd"
    std::string daemon;                           // the folder's name, used in paths, metrics and logs: "cbc"
    std::string purpose;                          // one line for --help
    uint32_t schema_level = 1;                    // the newest level of stored records that it knows
    std::vector<std::string> essential_tables{};  // written even when the quota has filled up
    OpenLinks open_links{};                       // empty: over TLS; measurements of ours put others here
};

struct Args {
    std::string config;   // /etc/farol/<daemon>.yaml
    std::string state;    // /var/lib/farol/<daemon>
    std::string runtime;  // /run/farol/<daemon>
    bool check_only = false;
    std::optional<logs::Level> log_level;  // over what the configuration says
    std::optional<logs::Format> log_format;

    std::string config_directory(const std::string& daemon) const;  // conf.d/<daemon> beside the file
};

// --help, --version and a wrong command line (exit code 2) end the process here.
Args parse_args(const Program& program, int argc, char** argv);

}  // namespace frame
