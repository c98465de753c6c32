// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A daemon's whole configuration: read, checked, compared with the one before.
#pragma once

#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/config/config.h"
#include "common/frame/args.h"

namespace frame {

using Problems = std::vector<config::Problem>;

template <class Config>
struct Loaded {
    Config config;
    config::Flat values;  // as they stand in the files
};

// Reads with the daemon's own `void read(config::Section, Config&)`.
template <class Config>
base::Result<Loaded<Config>, Problems> load(const Program& program, const Args& args) {
    config::Document document = config::Document::load(args.config, args.config_directory(program.daemon));
    Loaded<Config> loaded;
    read(document.root(), loaded.config);
    Problems problems = document.finish();
    if (!problems.empty()) return problems;
    loaded.values = document.flat();
    return loaded;
}

// For main(): what is wrong goes to stderr, a line each; the answer is the exit code.
int report(const Problems& problems);
int report(const base::Error& error);
int report_good(const Args& args);

// One key that is different in a new configuration.
struct Change {
    std::string key;
    std::string before;  // empty: it was not there
    std::string after;   // empty: it is gone
    std::string sentence() const;
};
std::vector<Change> compare(const config::Flat& before, const config::Flat& after);
// The keys of `changes` that lie under none of `reloadable`: these need a restart.
std::vector<std::string> fixed_keys(const std::vector<Change>& changes,
                                    const std::vector<std::string>& reloadable);

}  // namespace frame
