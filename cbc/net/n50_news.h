// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What an AMF tells by itself (NonUeN2InfoNotify), as values of the domain. Pure. TS 29.518 §5.2.2.4.4.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "cbc/domain/peer_request.h"
#include "common/base/bytes.h"

namespace cbc {

// A node has lost everything that was to be broadcast in these cells. TS 38.413 §8.9.3.
struct NodeRestarted {
    RadioNode node;
    std::vector<PlacePattern> cells;
};
// Cells cannot broadcast. TS 38.413 §8.9.4.
struct CellsFailed {
    std::vector<CellFailure> cells;
};
// A class that is none of ours, or nothing said of any cell.
struct NoNews {};
using N50News = std::variant<Report, NodeRestarted, CellsFailed, NoNews>;

// kInvalid: the sender has said something that is not N50. `on_ngap` is shown the PDU in it before it is
// read.
base::Result<N50News> read_news(std::string_view content_type, std::string_view body,
                                const std::function<void(base::ByteView)>& on_ngap = nullptr);

}  // namespace cbc
