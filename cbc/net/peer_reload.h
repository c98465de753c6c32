// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a reload means for the peers of one protocol: a link that serves as it is is not touched.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "cbc/domain/ids.h"

namespace cbc {

// `peers` is a map from names to entries with `config`, `configured` and `leaving`. `same_link` says whether
// the link of one configuration serves the other; `open_anew` makes a peer, in the place of one of that name.
// Answers those that leave: from now on they are marked so.
template <class Peers, class Config, class SameLink, class OpenAnew>
std::vector<PeerName> apply_reload(Peers& peers, const std::vector<Config>& fresh, SameLink&& same_link,
                                   OpenAnew&& open_anew) {
    std::vector<PeerName> leaving;
    for (auto& [name, peer] : peers) {
        const bool stays = std::any_of(fresh.begin(), fresh.end(),
                                       [&, &own = name](const Config& one) { return one.name == own; });
        if (!stays && peer.configured && !std::exchange(peer.leaving, true)) leaving.push_back(name);
    }
    for (const Config& config : fresh) {
        const auto known = peers.find(config.name);
        if (known == peers.end() || !same_link(known->second.config, config)) {
            open_anew(config);
            continue;
        }
        known->second.config = config;
        known->second.configured = true;
        known->second.leaving = false;
    }
    return leaving;
}

}  // namespace cbc
