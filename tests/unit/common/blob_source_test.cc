// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/blob_source.h"

#include "tests/support/test.h"

namespace {

void requests_and_answers_are_read_as_they_were_written() {
    const auto id = store::BlobId::of(base::as_bytes("a map"));
    const base::Bytes octets = replica::encode_blob_request({id, 0x1'0000'0003});
    const auto request = replica::decode_blob_request(octets);
    CHECK_OK(request);
    CHECK(request->id == id);
    CHECK_EQ(request->offset, uint64_t{0x1'0000'0003});
    for (size_t size = 0; size < octets.size(); ++size)
        CHECK(!replica::decode_blob_request(base::ByteView(octets).first(size)));

    const auto part = replica::decode_blob_part(replica::encode_blob_part({5, {1, 2}}));
    CHECK_OK(part);
    CHECK_EQ(part->whole, 5u);
    CHECK(part->octets == (base::Bytes{1, 2}));
    CHECK(!replica::decode_blob_part(base::Bytes(7)));
}

void a_part_that_is_too_long_is_refused() {
    CHECK(replica::decode_blob_part(base::Bytes(8 + replica::kBlobPartOctets)));
    CHECK(!replica::decode_blob_part(base::Bytes(8 + replica::kBlobPartOctets + 1)));
}

}  // namespace

GROUP(blob_source, CASE(requests_and_answers_are_read_as_they_were_written),
      CASE(a_part_that_is_too_long_is_refused))
