// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the log asks for (arrivals.h), fetched from other nodes by BlobFetch and SnapshotFetch.
//
// The calls of Arrivals come from the raft thread. The two fetches outlive it.
#pragma once

#include "common/replica/arrivals.h"
#include "common/replica/blob_fetch.h"
#include "common/replica/snapshot_fetch.h"

namespace replica {

class Fetching final : public Arrivals {
 public:
    // A daemon without blobs has null for both: an entry that names one is then never complete.
    Fetching(SnapshotFetch& snapshots, const store::Blobs* blobs, BlobFetch* blob_fetch)
        : snapshots_(snapshots), blobs_(blobs), blob_fetch_(blob_fetch) {}

    bool has_blobs(base::ByteView entry, const NodeName& from) override;
    std::optional<std::filesystem::path> snapshot(const Manifest& wanted, const NodeName& from) override;
    void snapshot_done() override { snapshots_.forget(); }

 private:
    SnapshotFetch& snapshots_;
    const store::Blobs* blobs_;
    BlobFetch* blob_fetch_;
};

}  // namespace replica
