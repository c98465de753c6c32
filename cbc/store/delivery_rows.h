// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What each peer holds of each message, as rows.
//
//     delivery        Key uuid, peer, message          what holds for all its cells, and how many blocks they
//     take delivery_cells  Key uuid, peer, message, number  a block of CellRecords: its cells, by what is
//     known of them
//
// A peer may have 100,000 cells and an entry of the store holds 1 MiB, so a record is written in several
// changes, and of its blocks only those that are not as they were. A crash may leave some of them older than
// others: each cell is judged by its own record, and what is not recorded as stopped may be there.
#pragma once

#include <vector>

#include "cbc/domain/warning.h"
#include "common/store/store.h"

namespace cbc {

inline constexpr std::string_view kDeliveryTable = "delivery";
inline constexpr std::string_view kDeliveryCellsTable = "delivery_cells";

// How many blocks a change may have: each takes up to 60 KB.
inline constexpr size_t kBlocksAtOnce = 8;

struct NumberedBlock {
    size_t number;
    CellRecords::Block cells;
};

// A whole record, cells and all: what twins tell each other.
std::string encode_delivery(const DeliveryRecord& record);
base::Result<DeliveryRecord> decode_delivery(std::string_view value);

// All but the cells; rows of blocks that the record has no more are erased.
store::Change put_delivery_head(const DeliveryKey& key, const DeliveryRecord& record);
store::Change put_delivery_blocks(const DeliveryKey& key, std::vector<NumberedBlock> blocks);
// The whole record in one change; for one that fits.
store::Change put_delivery(const DeliveryKey& key, const DeliveryRecord& record);
// Inside a change: every row of the alert.
void erase_deliveries(store::Transaction& transaction, AlertId alert);

// A row that cannot be read is an error with its alert.
base::Result<DeliveryRecords> load_deliveries(const store::Reader& reader, AlertId alert);

}  // namespace cbc
