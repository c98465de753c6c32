// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/configuration.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace frame {
namespace {

// EX_CONFIG of sysexits.h: systemd must not start us again until somebody has changed the file.
constexpr int kExitConfiguration = 78;

bool lies_under(std::string_view key, std::string_view parent) {
    return key.starts_with(parent) &&
           (key.size() == parent.size() || key[parent.size()] == '.' || key[parent.size()] == '[');
}

}  // namespace

int report(const Problems& problems) {
    for (const config::Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.message().c_str());
    return kExitConfiguration;
}

int report(const base::Error& error) {
    std::fprintf(stderr, "%s\n", error.text.c_str());
    return EXIT_FAILURE;
}

int report_good(const Args& args) {
    std::printf("%s: good\n", args.config.c_str());
    return EXIT_SUCCESS;
}

std::string Change::sentence() const {
    if (before.empty()) return key + ": set to \"" + after + "\"";
    if (after.empty()) return key + ": was \"" + before + "\", now the default";
    return key + ": \"" + before + "\" is now \"" + after + "\"";
}

std::vector<Change> compare(const config::Flat& before, const config::Flat& after) {
    std::vector<Change> changes;
    for (const auto& [key, text] : before) {
        const auto now = after.find(key);
        if (now == after.end() || now->second != text)
            changes.push_back({key, text, now == after.end() ? "" : now->second});
    }
    for (const auto& [key, text] : after)
        if (!before.contains(key)) changes.push_back({key, "", text});
    return changes;
}

std::vector<std::string> fixed_keys(const std::vector<Change>& changes,
                                    const std::vector<std::string>& reloadable) {
    std::vector<std::string> fixed;
    for (const Change& change : changes)
        if (std::none_of(reloadable.begin(), reloadable.end(),
                         [&](const std::string& one) { return lies_under(change.key, one); }))
            fixed.push_back(change.key);
    return fixed;
}

}  // namespace frame
