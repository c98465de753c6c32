// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>
#include <map>

#include "cbc/wire/cbsp_codec.h"
#include "cbc/wire/cbsp_framer.h"
#include "cbc/wire/cbsp_period.h"
#include "cbc/wire/cbsp_procedures.h"
#include "cbc/wire/plmn.h"
#include "tests/support/cbsp_samples.h"
#include "tests/support/test.h"

namespace {

using namespace cbc::cbsp;  // the names of the protocol, which this file is about
using std::chrono::seconds;

struct PeriodRow {
    unsigned code;
    int length_s;
};

void period_codes_have_their_lengths() {
    constexpr std::array kRows{PeriodRow{0, 0},    PeriodRow{1, 1},    PeriodRow{10, 10},
                               PeriodRow{11, 12},  PeriodRow{20, 30},  PeriodRow{21, 35},
                               PeriodRow{26, 60},  PeriodRow{38, 120}, PeriodRow{39, 130},
                               PeriodRow{86, 600}, PeriodRow{87, 630}, PeriodRow{186, 3600}};
    for (const PeriodRow& row : kRows) CHECK_EQ(Period::from_code(row.code)->length().count(), row.length_s);
}

void every_period_code_comes_back_from_its_length() {
    for (unsigned code = 1; code <= Period::kMaxCode; ++code) {
        const auto period = Period::from_code(code);
        CHECK_OK(period);
        const auto back = Period::at_least(period->length());
        CHECK_OK(back);
        CHECK_EQ(unsigned{back->code()}, code);
        const auto longer = Period::at_least(period->length() + seconds{1});
        CHECK_EQ(static_cast<bool>(longer), code < Period::kMaxCode);
        if (longer) CHECK_EQ(unsigned{longer->code()}, code + 1);
    }
}

void reserved_codes_and_impossible_lengths_are_refused() {
    for (unsigned code = 187; code <= 255; ++code) CHECK(!Period::from_code(code));
    CHECK(!Period::at_least(seconds{0}));
    CHECK(!Period::at_least(seconds{3601}));
    CHECK_EQ(Period::at_least(seconds{-5}).error().text,
             "a period of -5 s cannot be sent: it is 1 to 3600 s");
}

struct RepetitionRow {
    int64_t wanted_s;
    unsigned slots;
};

void repetition_periods_are_rounded_to_slots() {
    constexpr std::array kRows{RepetitionRow{0, 1},       RepetitionRow{1, 1},
                               RepetitionRow{2, 1},       RepetitionRow{3, 2},
                               RepetitionRow{30, 16},     RepetitionRow{60, 32},
                               RepetitionRow{3600, 1912}, RepetitionRow{7710, 4095},
                               RepetitionRow{7711, 4095}, RepetitionRow{1'000'000'000'000, 4095}};
    for (const RepetitionRow& row : kRows)
        CHECK_EQ(unsigned{repetition_period_for(seconds{row.wanted_s}).value()}, row.slots);
}

void networks_are_bcd() {
    const std::map<std::string, std::string> rows{
        {"001-01", "00f110"}, {"310-410", "130014"}, {"001-001", "001100"}, {"262-42", "62f224"}};
    for (const auto& [text, hex] : rows) {
        base::Writer out;
        cbc::write_plmn(out, *cbc::PlmnId::parse(text));
        const auto octets = out.take();
        CHECK_EQ(base::to_hex(octets), hex);
        base::Reader in(octets);
        const auto back = cbc::read_plmn(in);
        CHECK_OK(back);
        CHECK_EQ(back->text(), text);
    }
}

void a_network_with_a_digit_above_nine_is_refused() {
    for (const char* hex : {"a0f110", "0af110", "00fa10", "00f1a0", "00f10a", "00a110", "ffffff"}) {
        const auto octets = base::from_hex(hex);
        base::Reader in(*octets);
        CHECK(!cbc::read_plmn(in));
    }
}

void a_stream_is_cut_into_messages_wherever_it_breaks() {
    base::Bytes stream;
    std::vector<base::Bytes> expected;
    for (const auto& sample : test::cbsp_samples()) {
        expected.push_back(encode(sample.message));
        stream.insert(stream.end(), expected.back().begin(), expected.back().end());
    }
    for (const size_t step : {size_t{1}, size_t{3}, size_t{100}, stream.size()}) {
        CbspFramer framer;
        std::vector<base::Bytes> got;
        for (size_t at = 0; at < stream.size(); at += step) {
            framer.feed(base::ByteView(stream).subspan(at, std::min(step, stream.size() - at)));
            for (auto message = framer.next(); message && *message; message = framer.next())
                got.push_back(std::move(**message));
        }
        CHECK(got == expected);
        CHECK_EQ(framer.buffered(), 0U);
    }
}

void a_length_beyond_the_limit_ends_the_stream() {
    CbspFramer framer;
    framer.feed(*base::from_hex("01ffffff"));
    const auto first = framer.next();
    CHECK(!first);
    CHECK_EQ(first.error().text(), "a message of 16777219 octets is announced; at most 262144 are taken");
    framer.feed(*base::from_hex("17000000"));
    CHECK(!framer.next());
    CHECK_EQ(framer.buffered(), 0U);
}

void the_limit_itself_is_taken() {
    CbspFramer framer(10);
    framer.feed(*base::from_hex("10000006 040001060000"));
    const auto message = framer.next();
    CHECK(message && *message && (*message)->size() == 10);
    framer.feed(*base::from_hex("10000007"));
    CHECK(!framer.next());
}

void half_a_message_is_waited_for() {
    CbspFramer framer;
    framer.feed(*base::from_hex("100000"));
    CHECK(framer.next() && !*framer.next());
    framer.feed(*base::from_hex("04 040001"));
    CHECK(framer.next() && !*framer.next());
    framer.feed(*base::from_hex("06"));
    const auto whole = framer.next();
    CHECK(whole && *whole);
    CHECK_EQ(base::to_hex(**whole), "1000000404000106");
}

void every_type_is_in_the_table_of_procedures() {
    size_t answers = 0;
    for (unsigned octet = 1; octet <= 0x17; ++octet) {
        const auto type = message_type_of(static_cast<uint8_t>(octet));
        CHECK(type.has_value());
        if (request_of(*type)) {
            ++answers;
            CHECK(sender_of(*type) == Sender::kBsc);  // the BSC answers, always
        }
    }
    CHECK_EQ(answers + kProcedures.size(), 23U);
    CHECK(sender_of(MessageType::kRestart) == Sender::kBsc);
    CHECK(sender_of(MessageType::kErrorIndication) == Sender::kBoth);
    CHECK(request_of(MessageType::kKillFailure) == MessageType::kKill);
}

void lists_tell_their_size_and_their_cells() {
    const CellList lacs = std::vector<cbc::Lac>{cbc::Lac{1}, cbc::Lac{2}};
    CHECK_EQ(size_of(lacs), 2U);
    CHECK_EQ(text_of(references_in(lacs).at(1)), "lac 2");
    CHECK_EQ(text_of(references_in(AllCells{}).at(0)), "all cells");
    CHECK_EQ(octets_per_cell(discriminator_of(lacs)), 2U);
}

}  // namespace

GROUP(cbsp_parts, CASE(period_codes_have_their_lengths), CASE(every_period_code_comes_back_from_its_length),
      CASE(reserved_codes_and_impossible_lengths_are_refused), CASE(repetition_periods_are_rounded_to_slots),
      CASE(networks_are_bcd), CASE(a_network_with_a_digit_above_nine_is_refused),
      CASE(a_stream_is_cut_into_messages_wherever_it_breaks), CASE(a_length_beyond_the_limit_ends_the_stream),
      CASE(the_limit_itself_is_taken), CASE(half_a_message_is_waited_for),
      CASE(every_type_is_in_the_table_of_procedures), CASE(lists_tell_their_size_and_their_cells))
