// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/args.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>

#include "common/frame/version.h"

namespace frame {
namespace {

constexpr int kUsage = 2;

template <class Names>
int index_of(const Names& names, const std::string& word) {
    for (size_t i = 0; i < names.size(); ++i)
        if (names[i] == word) return static_cast<int>(i);
    return -1;
}

}  // namespace

std::string Args::config_directory(const std::string& daemon) const {
    return (std::filesystem::path(config).parent_path() / "conf.d" / daemon).string();
}

Args parse_args(const Program& program, int argc, char** argv) {
    Args args;
    args.config = "/etc/farol/" + program.daemon + ".yaml";
    args.state = "/var/lib/farol/" + program.daemon;
    args.runtime = "/run/farol/" + program.daemon;
    std::string level, format;
    CLI::App app(program.purpose, program.binary);
    app.set_version_flag("--version", version_line(program.binary));
    app.add_option("--config", args.config,
                   "configuration file; conf.d/" + program.daemon + "/*.yaml beside it is merged over it")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_option("--state", args.state, "durable state")->type_name("DIR")->capture_default_str();
    app.add_option("--runtime", args.runtime, "control.sock and listeners.json")
        ->type_name("DIR")
        ->capture_default_str();
    app.add_flag("--check", args.check_only, "check the configuration and end");
    app.add_option("--log-level", level, "over log.level of the configuration")
        ->check(CLI::IsMember({"error", "warning", "notice", "info", "debug"}));
    app.add_option("--log-format", format, "over log.format of the configuration")
        ->check(CLI::IsMember({"auto", "journal", "text", "json"}));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error) == 0 ? EXIT_SUCCESS : kUsage);
    }
    if (const auto parsed = logs::parse_level(level)) args.log_level = *parsed;
    if (const int at = index_of(logs::kFormatNames, format); at >= 0)
        args.log_format = static_cast<logs::Format>(at);
    return args;
}

}  // namespace frame
