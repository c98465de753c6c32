// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sabp_framer.h"

#include <algorithm>

#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace cbc::sabp;

const PlmnId kPlmn = *PlmnId::parse("001-01");

std::vector<base::Bytes> cut(SabpFramer& framer, base::ByteView octets) {
    framer.feed(octets);
    std::vector<base::Bytes> pdus;
    for (auto pdu = framer.next(); pdu && *pdu; pdu = framer.next()) pdus.push_back(**pdu);
    return pdus;
}

void the_framer_finds_pdus_however_they_arrive() {
    Kill many{cbs::MessageIdentifier{4370}, cbs::SerialNumber{0x4000}, {}};
    for (uint32_t i = 0; i < 20'000; ++i) many.areas.push_back({kPlmn, 1, static_cast<uint16_t>(i)});
    base::Bytes stream;
    std::vector<base::Bytes> sent;
    for (const Message& message :
         {Message{Restart{{{kPlmn, 1, 512}}, std::nullopt}}, Message{many}, Message{ErrorIndication{}}}) {
        sent.push_back(*encode(message));
        stream.insert(stream.end(), sent.back().begin(), sent.back().end());
    }
    for (const size_t step : {size_t{1}, size_t{7}, size_t{1460}, size_t{16'384}, stream.size()}) {
        SabpFramer framer;
        std::vector<base::Bytes> seen;
        for (size_t at = 0; at < stream.size(); at += step)
            for (auto& pdu :
                 cut(framer, base::ByteView(stream).subspan(at, std::min(step, stream.size() - at))))
                seen.push_back(std::move(pdu));
        CHECK(seen == sent);
        CHECK_EQ(framer.buffered(), 0U);
    }
}

// 64 Ki announced once more each time, and none of it is there.
void a_pdu_beyond_the_limit_ends_the_stream_before_it_is_kept() {
    SabpFramer framer;
    base::Bytes octets = *base::from_hex("000100");
    for (int i = 0; i < 15; ++i) {
        octets.push_back(0xc4);
        octets.resize(octets.size() + 65'536);
    }
    framer.feed(octets);
    CHECK(framer.next() && !*framer.next());
    framer.feed(*base::from_hex("c4"));
    const auto lost = framer.next();
    CHECK(!lost);
    CHECK(lost.error().text().find("1048") != std::string::npos);
    framer.feed(*base::from_hex("00044003000000"));
    CHECK(!framer.next());
}

void octets_that_begin_no_pdu_end_the_stream() {
    for (const char* hex : {"60", "80", "0000c0", "000000c0", "000000c5"}) {
        SabpFramer framer;
        framer.feed(*base::from_hex(hex));
        CHECK(!framer.next());
        CHECK_EQ(framer.buffered(), 0U);
    }
}

}  // namespace

GROUP(sabp_framer, CASE(the_framer_finds_pdus_however_they_arrive),
      CASE(a_pdu_beyond_the_limit_ends_the_stream_before_it_is_kept),
      CASE(octets_that_begin_no_pdu_end_the_stream))
