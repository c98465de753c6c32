// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/transport.h"

#include "tests/support/test.h"

namespace {

using replica::StreamHead;

const StreamHead kHead{uint64_t{1} << 60, 7, "0011223344556677", "vm-a@192.0.2.7:7101/member"};

void a_head_is_read_as_it_was_written() {
    base::Bytes octets = replica::encode(kHead);
    octets.push_back('x');  // what follows is libraft's
    const auto head = replica::decode_stream_head(octets);
    CHECK_OK(head);
    CHECK(head->has_value());
    CHECK_EQ((*head)->from, kHead.from);
    CHECK_EQ((*head)->to, kHead.to);
    CHECK_EQ((*head)->cluster, kHead.cluster);
    CHECK_EQ((*head)->address, kHead.address);
}

void a_head_that_is_not_complete_waits_for_more() {
    const base::Bytes octets = replica::encode(kHead);
    for (size_t size = 0; size < octets.size(); ++size) {
        const auto head = replica::decode_stream_head(base::ByteView(octets).first(size));
        CHECK_OK(head);
        CHECK(!head->has_value());
    }
}

void what_is_no_head_is_refused() {
    base::Bytes wrong_magic = replica::encode(kHead);
    wrong_magic[0] ^= 1;
    CHECK(!replica::decode_stream_head(wrong_magic));
    base::Bytes too_long = replica::encode(kHead);
    too_long[4] = 0xff;
    CHECK(!replica::decode_stream_head(too_long));
    base::Bytes empty = replica::encode(kHead);
    empty[4] = empty[5] = 0;
    CHECK(!replica::decode_stream_head(empty));
    base::Bytes inner = replica::encode(kHead);
    inner[6 + 16] = 0xff;  // the cluster would reach behind the end
    CHECK(!replica::decode_stream_head(inner));
}

}  // namespace

GROUP(transport, CASE(a_head_is_read_as_it_was_written), CASE(a_head_that_is_not_complete_waits_for_more),
      CASE(what_is_no_head_is_refused))
