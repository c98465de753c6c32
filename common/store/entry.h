// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A batch as an entry of the journal: what one node wrote, for the others to repeat. All numbers big endian.
//
//     version u8 = 1 | origin u64 | number u64 | blobs u16 | that many SHA-256 of 32 octets | rows u32, each:
//         what u8 (0 erased, 1 put) | table u8 + octets | key u16 + octets | when put: value u32 + octets
//
// The blobs come first so that a receiver sees without reading the rows what it has to fetch before it
// acknowledges. An entry has at most kEntryOctetsMax octets. Pure functions; any thread.
#pragma once

#include <vector>

#include "common/base/bytes.h"
#include "common/store/blobs.h"
#include "common/store/journal.h"
#include "common/store/write_set.h"

namespace store {

struct Entry {
    BatchId batch;
    WriteSet writes;  // with its blobs; batch_id is the receiver's to count
};

base::Bytes encode_entry(BatchId batch, const WriteSet& writes);
// kCorrupt; kRefused when a newer release wrote it.
base::Result<Entry> decode_entry(base::ByteView octets);
// The beginning alone.
base::Result<BatchId> batch_of(base::ByteView octets);
base::Result<std::vector<BlobId>> blobs_of(base::ByteView octets);

}  // namespace store
