// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/fetching.h"

#include "common/store/entry.h"

namespace replica {

bool Fetching::has_blobs(base::ByteView entry, const NodeName& from) {
    const auto named = store::blobs_of(entry);
    // An entry that cannot be read is the store's to refuse, where it stops what comes after it too.
    if (!named) return true;
    bool all_here = true;
    for (const store::BlobId& id : *named) {
        if (blobs_ != nullptr && blobs_->contains(id)) continue;
        all_here = false;
        if (blob_fetch_ != nullptr) blob_fetch_->want(id, from);
    }
    return all_here;
}

std::optional<std::filesystem::path> Fetching::snapshot(const Manifest& wanted, const NodeName& from) {
    if (auto here = snapshots_.take(wanted)) return here;
    snapshots_.want(wanted, from);
    return std::nullopt;
}

}  // namespace replica
