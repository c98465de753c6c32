// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The parts of the configuration of cbcd that are read by protocol. For config*.cc alone.
#pragma once

#include "cbc/config.h"

namespace cbc {

inline constexpr uint32_t kLacMax = 65'535;
inline constexpr uint32_t kTacMax = 16'777'215;  // of 5GS; those of EPS have 16 bits

// "1" or "10-19", each at most `most`. None: the key is absent.
std::optional<std::vector<uint32_t>> read_areas(config::Section in, const char* key, uint32_t most);
LinkRole read_role(config::Section in, LinkRole otherwise);

void read_twin(config::Section in, TwinConfig& out);
void read_sbcap(config::Section in, SbcapConfig& out);
SbcapPeerConfig read_sbcap_peer(const std::string& name, config::Section in, const SbcapConfig& sbcap);

}  // namespace cbc
