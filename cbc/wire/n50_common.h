// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The types that N50 shares with the rest of the 5G core: networks, tracking areas, nodes. For the codec of
// N50's bodies alone. TS 29.571 §5.4.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "cbc/wire/radio_places.h"
#include "common/json/object.h"

namespace cbc::n50 {

inline constexpr size_t kListMost = 4096;  // of tracking areas, or of nodes

nlohmann::json to_json(const Tai5gs& tai);
nlohmann::json to_json(const RanNode& node);

// Entries that are wrong are problems of the object.
std::vector<Tai5gs> read_tais(json::Object& object, std::string_view member);
// Nodes of kinds that broadcast no warnings (N3IWF, TNGF, W-AGF, an eNB) are passed over.
std::vector<RanNode> read_nodes(json::Object& object, std::string_view member);

}  // namespace cbc::n50
