// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The cells that were chosen for a revision, as rows: they are kept, so that a new cell file and a start of
// cbcd leave a warning as it is.
//
//     targets  Key uuid, revision, number    a part of them
//
// 100,000 cells take up to half an entry of the store, in several parts. The whole network is no choice, and
// has no rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cbc/domain/targeting.h"
#include "common/store/store.h"

namespace cbc {

inline constexpr std::string_view kTargetsTable = "targets";

// Their rows' values in order. Slow with many cells: away from the loop.
std::vector<std::string> encode_targets(const Targets& targets);

// Cells with their rows, made where it may take time.
struct KeptTargets {
    Targets targets{};
    std::vector<std::string> rows{};
};

// Inside a change.
void put_targets_part(store::Transaction& transaction, AlertId alert, Revision revision, size_t number,
                      const std::string& part);
bool has_targets_part(const store::Reader& reader, AlertId alert, Revision revision, size_t number);
// Those of other revisions; none: of all.
void erase_targets(store::Transaction& transaction, AlertId alert, std::optional<Revision> but);

// None: no cells were kept for this revision, or not all of them. An error: what is there cannot be read.
base::Result<std::optional<Targets>> load_targets(const store::Reader& reader, AlertId alert,
                                                  Revision revision);

}  // namespace cbc
