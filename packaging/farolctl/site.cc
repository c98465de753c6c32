// SPDX-License-Identifier: AGPL-3.0-or-later
//
// site status, site reload: the operator's cells at the broadcast centre.
#include <nlohmann/json.hpp>

#include "packaging/farolctl/ask.h"
#include "packaging/farolctl/commands.h"

namespace ctl {

Answer site_status(const Place& place) {
    const auto asked = ask(place, kDaemons[0], {.path = "/site"});
    if (!asked.body) return asked.otherwise;
    const nlohmann::json& site = *asked.body;
    std::vector<std::vector<std::string>> rows{{"file", word(site, "file")},
                                               {"changed", word(site, "changed_at")},
                                               {"age", word(site, "age_days") + " days"},
                                               {"in use since", word(site, "loaded_at")},
                                               {"cells", word(site, "cells")}};
    const nlohmann::json technologies = member(site, "technologies");  // items() keeps a reference
    for (const auto& [technology, count] : technologies.items())
        rows.push_back({"  " + technology, count.dump()});
    rows.push_back({"without a peer", word(site, "without_peer")});
    if (word(site, "file").empty())
        return Answer::of("no file of cells is configured", site, ExitCode::kPartly);
    return Answer::of(table(rows), site,
                      site.value("without_peer", 0) > 0 ? ExitCode::kPartly : ExitCode::kOk);
}

Answer site_reload(const Place& place) {
    const auto asked = ask(place, kDaemons[0], {http::Method::kPost, "/control/reload"});
    if (!asked.body) return asked.otherwise;
    return site_status(place);
}

}  // namespace ctl
