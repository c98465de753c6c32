// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/frames.h"

#include "tests/support/test.h"

namespace {

using base::Bytes;
using base::ErrorKind;
using replica::Frame;
using replica::FrameReader;
using Kind = base::DecodeError::Kind;

const std::vector<Frame> kFrames{
    replica::Hello{1, replica::Purpose::kStream, "node-a"},
    replica::Welcome{1},
    replica::Refusal{"node c is not known here"},
    replica::Request{7, "blob", {1, 2, 3}},
    replica::Request{0xFFFF'FFFF, "", {}},
    replica::Reply{7, Bytes(300, 9)},
    replica::Failure{7, ErrorKind::kConflict, "it changed"},
    replica::Cancel{8},
    replica::Retire{},
};

Bytes hex(const char* text) {
    auto octets = base::from_hex(text);
    CHECK_OK(octets);
    return *octets;
}

Bytes body(const Bytes& framed) { return {framed.begin() + 4, framed.end()}; }

void every_frame_is_read_as_it_was_written() {
    for (const Frame& frame : kFrames) {
        const auto again = replica::decode(body(replica::encode(frame)));
        CHECK_OK(again);
        CHECK(*again == frame);
    }
}

// Written by hand from the grammar in frames.h: they must not change while there are nodes that speak it.
void the_octets_are_those_of_the_grammar() {
    CHECK_EQ(base::to_hex(replica::encode(replica::Hello{1, replica::Purpose::kStream, "ab"})),
             std::string("0000000a01") + "46614c6b" + "01" + "01" + "026162");
    CHECK_EQ(base::to_hex(replica::encode(replica::Welcome{1})), "000000020201");
    CHECK_EQ(base::to_hex(replica::encode(replica::Refusal{"no"})), "000000050300026e6f");
    CHECK_EQ(base::to_hex(replica::encode(replica::Request{5, "k", {0xAB}})),
             "0000000804000000050"
             "16bab");
    CHECK_EQ(base::to_hex(replica::encode(replica::Reply{5, {0xAB}})), "000000060500000005ab");
    CHECK_EQ(base::to_hex(replica::encode(replica::Failure{5, ErrorKind::kTimeout, ""})),
             "00000008060000000507"
             "0000");
    CHECK_EQ(base::to_hex(replica::encode(replica::Cancel{5})), "000000050700000005");
    CHECK_EQ(base::to_hex(replica::encode(replica::Retire{})), "0000000108");
}

void no_truncation_is_taken_and_nothing_may_follow() {
    for (const Frame& frame : kFrames) {
        const Bytes whole = body(replica::encode(frame));
        for (size_t length = 0; length < whole.size(); ++length) {
            const auto cut = replica::decode(base::ByteView(whole).first(length));
            // What carries octets to its end is another, shorter frame.
            if (cut) CHECK(!(*cut == frame));
        }
        if (std::holds_alternative<replica::Request>(frame) || std::holds_alternative<replica::Reply>(frame))
            continue;
        Bytes longer = whole;
        longer.push_back(0);
        const auto more = replica::decode(longer);
        CHECK(!more);
        CHECK_EQ(more.error().kind, Kind::kTrailing);
    }
}

void what_is_wrong_is_named() {
    struct Row {
        const char* octets;
        Kind kind;
        const char* field;
    };
    for (const Row& row :
         {Row{"", Kind::kTruncated, "type"}, Row{"00", Kind::kUnknownElement, "type"},
          Row{"09", Kind::kUnknownElement, "type"}, Row{"01 47455420 01 01 00", Kind::kInvalidValue, "magic"},
          Row{"01 46614c6b 01 03 00", Kind::kInvalidValue, "purpose"},
          Row{"01 46614c6b 01 01 05 6162", Kind::kTruncated, "node"}, Row{"03 0500", Kind::kTooLong, "why"},
          Row{"04 00000001 41", Kind::kTooLong, "kind"}, Row{"06 00000001 01 ffff", Kind::kTooLong, "why"}}) {
        const auto decoded = replica::decode(hex(row.octets));
        CHECK(!decoded);
        CHECK_EQ(decoded.error().kind, row.kind);
        CHECK_EQ(decoded.error().field, row.field);
    }
}

// So that it can be answered with a refusal that names our version.
void the_hello_of_a_later_version_may_say_more() {
    const auto decoded = replica::decode(hex("01 46614c6b 02 01 02 6162 cafe"));
    CHECK_OK(decoded);
    CHECK_EQ(std::get<replica::Hello>(*decoded).version, 2);
    CHECK_EQ(std::get<replica::Hello>(*decoded).node, "ab");
}

void an_error_of_a_later_version_counts_as_not_now() {
    const auto decoded = replica::decode(hex("06 00000001 63 0000"));
    CHECK_OK(decoded);
    CHECK_EQ(std::get<replica::Failure>(*decoded).kind, ErrorKind::kUnavailable);
}

void long_texts_are_cut() {
    const auto decoded = replica::decode(
        body(replica::encode(replica::Failure{1, ErrorKind::kIo, std::string(100'000, 'x')})));
    CHECK_OK(decoded);
    CHECK_EQ(std::get<replica::Failure>(*decoded).why.size(), replica::kTextOctetsMax);
}

void frames_come_out_however_their_octets_come_in() {
    Bytes all;
    for (const Frame& frame : kFrames) {
        const Bytes one = replica::encode(frame);
        all.insert(all.end(), one.begin(), one.end());
    }
    for (const size_t step : {size_t{1}, size_t{3}, size_t{64}, all.size()}) {
        FrameReader reader(1000);
        std::vector<Frame> got;
        for (size_t at = 0; at < all.size(); at += step) {
            reader.feed(base::ByteView(all).subspan(at, std::min(step, all.size() - at)));
            for (auto frame = reader.next(); frame && *frame; frame = reader.next()) got.push_back(**frame);
        }
        CHECK(got == kFrames);
        CHECK(reader.rest().empty());
    }
}

void a_frame_beyond_the_limit_is_refused_before_it_is_there() {
    FrameReader reader(100);
    reader.feed(hex("00000065"));
    const auto next = reader.next();
    CHECK(!next);
    CHECK_EQ(next.error().kind, Kind::kTooLong);
    FrameReader empty(100);
    empty.feed(hex("00000000"));
    CHECK(!empty.next());
    FrameReader just(100);
    just.feed(hex("00000064"));
    CHECK_OK(just.next());
}

void what_comes_behind_the_last_frame_is_kept() {
    FrameReader reader(100);
    reader.feed(hex("0000000202 01 cafe"));
    CHECK((**reader.next() == Frame{replica::Welcome{1}}));
    CHECK((reader.rest() == Bytes{0xCA, 0xFE}));
    CHECK(reader.rest().empty());
}

}  // namespace

GROUP(frames, CASE(every_frame_is_read_as_it_was_written), CASE(the_octets_are_those_of_the_grammar),
      CASE(no_truncation_is_taken_and_nothing_may_follow), CASE(what_is_wrong_is_named),
      CASE(the_hello_of_a_later_version_may_say_more), CASE(an_error_of_a_later_version_counts_as_not_now),
      CASE(long_texts_are_cut), CASE(frames_come_out_however_their_octets_come_in),
      CASE(a_frame_beyond_the_limit_is_refused_before_it_is_there),
      CASE(what_comes_behind_the_last_frame_is_kept))
