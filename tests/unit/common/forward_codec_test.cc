// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/forward.h"
#include "tests/support/test.h"

namespace {

using base::ErrorKind;
using replica::Forwarded;
using store::Outcome;

void requests_are_read_as_they_were_written() {
    const auto request = replica::decode_forward(replica::encode_forward("http", base::Bytes{1, 2, 3}));
    CHECK_OK(request);
    CHECK_EQ(request->kind, "http");
    CHECK(request->payload == (base::Bytes{1, 2, 3}));
    CHECK(!replica::decode_forward({}));
    CHECK(!replica::decode_forward(base::Bytes{5, 'h', 't'}));
}

// The numbers are a contract between releases.
void outcomes_have_their_numbers() {
    const std::pair<Outcome, uint8_t> outcomes[] = {
        {Outcome::kOk, 0}, {Outcome::kRefused, 1}, {Outcome::kNotLeader, 2}, {Outcome::kUnknown, 3}};
    for (const auto& [outcome, number] : outcomes) {
        const base::Bytes octets = replica::encode_forwarded({outcome, {ErrorKind::kCorrupt, "why"}, {7}});
        CHECK(octets == (base::Bytes{number, 8, 0, 3, 'w', 'h', 'y', 7}));
        const auto read = replica::decode_forwarded(octets);
        CHECK_OK(read);
        CHECK_EQ(read->outcome, outcome);
        CHECK_EQ(read->error.kind, ErrorKind::kCorrupt);
        CHECK_EQ(read->error.text, "why");
        CHECK(read->payload == base::Bytes{7});
    }
}

void answers_that_cannot_be_are_refused() {
    const base::Bytes octets = replica::encode_forwarded({Outcome::kOk, {ErrorKind::kInvalid, "why"}, {}});
    for (size_t size = 0; size < octets.size(); ++size)
        CHECK(!replica::decode_forwarded(base::ByteView(octets).first(size)));
    CHECK(!replica::decode_forwarded(base::Bytes{4, 0, 0, 0}));
    CHECK(!replica::decode_forwarded(base::Bytes{0, 9, 0, 0}));
}

void a_long_text_is_cut() {
    const auto read = replica::decode_forwarded(replica::encode_forwarded(
        {Outcome::kRefused, {ErrorKind::kInvalid, std::string(100'000, 'x')}, {7}}));
    CHECK_EQ(read->error.text.size(), 2000u);
    CHECK(read->payload == base::Bytes{7});
}

}  // namespace

GROUP(forward_codec, CASE(requests_are_read_as_they_were_written), CASE(outcomes_have_their_numbers),
      CASE(answers_that_cannot_be_are_refused), CASE(a_long_text_is_cut))
