// SPDX-License-Identifier: AGPL-3.0-or-later
//
// config check: each daemon's own --check, so that what is said here is what the daemon would say.
#include <nlohmann/json.hpp>

#include "packaging/farolctl/child.h"
#include "packaging/farolctl/commands.h"

namespace ctl {

namespace {

struct Checked {
    bool good;
    std::string said;
};

base::Result<Checked> check_one(const Place& place, const DaemonName& daemon, const std::string& programs) {
    const auto ran =
        run_program({programs + "/" + std::string(daemon.binary), "--config", place.config(daemon), "--state",
                     place.state(daemon), "--runtime", place.runtime(daemon), "--check"});
    if (!ran) return ran.error();
    return Checked{ran->exit_code == 0, ran->output};
}

}  // namespace

Answer config_check(const Place& place, const std::vector<std::string>& names) {
    std::vector<DaemonName> daemons;
    for (const std::string& name : names) {
        const auto daemon = daemon_named(name);
        if (!daemon) return Answer::of(daemon.error());
        daemons.push_back(*daemon);
    }
    if (names.empty()) daemons = place.configured();
    if (daemons.empty()) return Answer::of(base::not_found("no daemon has a configuration here"));
    const auto programs = program_folder();
    if (!programs) return Answer::of(programs.error());
    std::string text;
    nlohmann::json list = nlohmann::json::array();
    size_t bad = 0;
    for (const DaemonName& daemon : daemons) {
        const auto checked = check_one(place, daemon, *programs);
        if (!checked) return Answer::of(checked.error());
        if (!checked->good) ++bad;
        text += checked->said;
        list.push_back({{"daemon", daemon.folder},
                        {"config", place.config(daemon)},
                        {"good", checked->good},
                        {"text", checked->said}});
    }
    const ExitCode code = bad == 0               ? ExitCode::kOk
                          : bad < daemons.size() ? ExitCode::kPartly
                                                 : ExitCode::kFailed;
    return Answer::of(text, {{"daemons", list}}, code);
}

}  // namespace ctl
