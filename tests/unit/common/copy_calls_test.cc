// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/copy_calls.h"

#include "tests/support/test.h"

namespace {

using base::ErrorKind;

template <class Decode>
void refuses_other_lengths(base::Bytes octets, Decode decode) {
    for (size_t size = 0; size < octets.size(); ++size) CHECK(!decode(base::ByteView(octets).first(size)));
    octets.push_back(0);
    CHECK(!decode(octets));
}

void requests_are_read_as_they_were_written() {
    CHECK_EQ(*replica::decode_open(replica::encode_open(0x1'0000'0002)), uint64_t{0x1'0000'0002});
    replica::ChunkRequest request;
    request.id.fill(7);
    request.number = 9;
    const auto read = replica::decode_chunk_request(encode_chunk_request(request));
    CHECK_OK(read);
    CHECK(read->id == request.id);
    CHECK_EQ(read->number, 9u);
}

void requests_of_another_length_are_refused() {
    refuses_other_lengths(replica::encode_open(1), replica::decode_open);
    refuses_other_lengths(replica::encode_chunk_request({}), replica::decode_chunk_request);
}

void an_answer_says_how_far_it_is_or_what_there_is() {
    const base::Bytes making = replica::encode_opened({std::nullopt, 4711});
    CHECK_EQ(replica::decode_opened(making)->made, 4711u);
    CHECK(!replica::decode_opened(making)->manifest);
    refuses_other_lengths(making, replica::decode_opened);

    replica::CopyManifest manifest;
    manifest.octets = 1;
    manifest.chunks.resize(1);
    const base::Bytes made = replica::encode_opened({manifest, 0});
    CHECK(*replica::decode_opened(made)->manifest == manifest);
    refuses_other_lengths(made, replica::decode_opened);
    CHECK(!replica::decode_opened(base::Bytes{2}));
}

}  // namespace

GROUP(copy_calls, CASE(requests_are_read_as_they_were_written), CASE(requests_of_another_length_are_refused),
      CASE(an_answer_says_how_far_it_is_or_what_there_is))
