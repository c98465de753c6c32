// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Gives blobs to other nodes, in parts. The receiver checks the whole against its name.
//
//     blob/part   SHA-256, 32 octets | offset u64
//       answer    octets of the whole u64 | at most 1 MiB from there        kNotFound: it is not here
//
// Lives on the links' loop: made before the first connection, destroyed there (or after it has ended).
#pragma once

#include <memory>

#include "common/replica/snapshot_source.h"
#include "common/store/blobs.h"

namespace replica {

inline constexpr std::string_view kBlobPart = "blob/part";
inline constexpr size_t kBlobPartOctets = size_t{1} << 20;

struct BlobRequest {
    store::BlobId id;
    uint64_t offset = 0;
};
base::Bytes encode_blob_request(const BlobRequest& request);
base::Result<BlobRequest> decode_blob_request(base::ByteView octets);
base::Bytes encode_blob_part(const store::Blobs::Part& part);
base::Result<store::Blobs::Part> decode_blob_part(base::ByteView octets);

class BlobSource {
 public:
    // `blobs` outlives it.
    BlobSource(const store::Blobs& blobs, const LinksSide& side);
    ~BlobSource();

 private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace replica
