// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/cbsp_codec.h"

#include <fstream>
#include <set>
#include <sstream>

#include "cbc/wire/cbsp_elements.h"
#include "tests/support/cbsp_samples.h"
#include "tests/support/test.h"

namespace {

using namespace cbc::cbsp;  // the names of the protocol, which this file is about
using Kind = base::DecodeError::Kind;

struct Vector {
    std::string name;
    base::Bytes octets;
};

std::vector<Vector> vectors() {
    std::ifstream file("tests/vectors/cbsp/messages.txt");
    CHECK(file.good());
    std::vector<Vector> out;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream words(line);
        std::string name;
        std::string source;
        std::string hex;
        words >> name >> source;
        std::getline(words, hex);
        const auto octets = base::from_hex(hex);
        CHECK_OK(octets);
        out.push_back({name, *octets});
    }
    return out;
}

base::Bytes message_of(MessageType type, std::string_view body_hex) {
    const auto body = base::from_hex(body_hex);
    CHECK_OK(body);
    base::Writer out;
    out.u8(static_cast<uint8_t>(type)).u24(static_cast<uint32_t>(body->size())).raw(*body);
    return out.take();
}

Message decoded(base::ByteView octets) {
    const auto result = decode(octets);
    CHECK_OK(result);
    return result->message;
}

DecodeFailure failure_of(base::ByteView octets) {
    const auto result = decode(octets);
    CHECK(!result);
    return result.error();
}

// All that differ are told: tests/conformance wants to know which do.
void every_vector_decodes_and_encodes_to_the_same_octets() {
    const auto all = vectors();
    CHECK(all.size() >= 35);
    std::string wrong;
    for (const Vector& vector : all) {
        const auto result = decode(vector.octets);
        const bool same = result && !result->unknown_element && encode(result->message) == vector.octets;
        if (!same) wrong += " " + vector.name;
    }
    if (!wrong.empty()) test::fail_at(__FILE__, __LINE__, "vectors:" + wrong);
}

// Cut anywhere, with the header's length as it was and with a length that fits what is left.
void every_truncation_of_every_vector_ends_well() {
    std::vector<Vector> all = vectors();
    for (const auto& sample : test::cbsp_samples()) all.push_back({sample.name, encode(sample.message)});
    for (const Vector& vector : all) {
        for (size_t keep = 0; keep < vector.octets.size(); ++keep) {
            base::Bytes cut(vector.octets.begin(), vector.octets.begin() + static_cast<std::ptrdiff_t>(keep));
            CHECK(!decode(cut));
            if (keep < kHeaderOctets) continue;
            cut[1] = 0;
            cut[2] = static_cast<uint8_t>((keep - kHeaderOctets) >> 8U);
            cut[3] = static_cast<uint8_t>((keep - kHeaderOctets) & 0xffU);
            const auto result = decode(cut);  // an element that may be absent may have been cut off
            if (result) CHECK(decoded(encode(result->message)) == result->message);
        }
    }
}

void every_sample_comes_back_equal() {
    std::set<MessageType> seen;
    for (const auto& sample : test::cbsp_samples()) {
        const auto result = decode(encode(sample.message));
        if (!result) test::fail_at(__FILE__, __LINE__, sample.name + ": " + result.error().text());
        if (result->message != sample.message) test::fail_at(__FILE__, __LINE__, sample.name + " differs");
        seen.insert(type_of(sample.message));
    }
    CHECK_EQ(seen.size(), std::variant_size_v<Message>);
}

void what_was_observed_means_what_it_should() {
    CHECK((decoded(*base::from_hex("13000008 04000106 1600 0d01")) ==
           Message{Restart{AllCells{}, BroadcastMessageType::kBroadcast, RecoveryIndication::kDataLost}}));
    const auto duplicate = decoded(*base::from_hex("03000014 0e1112 034000 09000900 00f1100017002a0d 1200"));
    const auto* failure = std::get_if<WriteReplaceFailure>(&duplicate);
    CHECK(failure != nullptr);
    CHECK_EQ(failure->failures.size(), 1U);
    CHECK_EQ(text_of(failure->failures[0].cell), "001-01:23:42");
    CHECK_EQ(to_string(failure->failures[0].cause), "message reference already used (0x0d)");
    CHECK(failure->channel == ChannelIndicator::kBasic);
}

void elements_may_come_in_any_order() {
    const auto usual = decoded(message_of(MessageType::kKill, "0e1112 024000 04000106 1200"));
    CHECK(decoded(message_of(MessageType::kKill, "1200 04000106 024000 0e1112")) == usual);
}

void an_element_that_comes_twice_counts_once_and_the_first_wins() {
    const auto once = decoded(message_of(MessageType::kKill, "0e1112 024000 04000106 1200"));
    CHECK(decoded(message_of(MessageType::kKill, "0e1112 024000 024fff 04000106 1200 1201 0e0000")) == once);
}

void an_element_of_another_message_is_skipped() {
    CHECK((decoded(message_of(MessageType::kReset, "1200 04000106 180a")) == Message{Reset{AllCells{}}}));
}

void an_unknown_element_after_all_that_is_needed_is_told() {
    const auto result = decode(message_of(MessageType::kReset, "04000106 7f01020304"));
    CHECK_OK(result);
    CHECK(result->unknown_element == uint8_t{0x7f});
    const auto before = failure_of(message_of(MessageType::kReset, "7f 04000106"));
    CHECK(before.error.kind == Kind::kUnknownElement);
    CHECK_EQ(before.error.offset, 4U);
    CHECK_EQ(before.error.field, "element 7f");
    CHECK(before.cause == Cause::kParameterNotRecognised);
}

struct Malformed {
    MessageType type;
    const char* body;
    Kind kind;
    size_t offset;
    const char* field;
    Cause cause;
};

void what_is_wrong_is_named_with_its_place() {
    constexpr auto kInvalid = Cause::kParameterValueInvalid;
    const std::array rows{
        Malformed{MessageType::kReset, "", Kind::kMissingElement, 4, "Cell-List",
                  Cause::kMissingMandatoryElement},
        Malformed{MessageType::kKill, "024000 04000106", Kind::kMissingElement, 11, "Message-Identifier",
                  Cause::kMissingMandatoryElement},
        Malformed{MessageType::kReset, "04000103", Kind::kInvalidValue, 7,
                  "Cell-Identification-Discriminator", kInvalid},
        Malformed{MessageType::kReset, "0400010f", Kind::kInvalidValue, 7,
                  "Cell-Identification-Discriminator", kInvalid},
        Malformed{MessageType::kReset, "04000206ff", Kind::kTrailing, 8, "Cell-List", kInvalid},
        Malformed{MessageType::kReset, "0400020500", Kind::kTruncated, 8, "LAC", kInvalid},
        Malformed{MessageType::kReset, "04ffff05", Kind::kTruncated, 7, "Cell-List", kInvalid},
        Malformed{MessageType::kReset, "04", Kind::kTruncated, 5, "Cell-List", kInvalid},
        Malformed{MessageType::kReset, "040000", Kind::kTruncated, 7, "Cell-Identification-Discriminator",
                  kInvalid},
        Malformed{MessageType::kReset, "04000604 0af1100017", Kind::kInvalidValue, 8, "PLMN", kInvalid},
        Malformed{MessageType::kLoadQuery, "04000106 1202", Kind::kInvalidValue, 9, "Channel-Indicator",
                  kInvalid},
        Malformed{MessageType::kKeepAlive, "1800", Kind::kInvalidValue, 5, "Keep-Alive-Repetition-Period",
                  kInvalid},
        Malformed{MessageType::kKeepAlive, "1827", Kind::kInvalidValue, 5, "Keep-Alive-Repetition-Period",
                  kInvalid},
        Malformed{MessageType::kRestart, "04000106 1602 0d01", Kind::kInvalidValue, 9,
                  "Broadcast-Message-Type", kInvalid},
        Malformed{MessageType::kRestart, "04000106 1600 0d02", Kind::kInvalidValue, 11, "Recovery-Indication",
                  kInvalid},
        Malformed{MessageType::kWriteReplace, "0503", Kind::kInvalidValue, 5, "Category", kInvalid},
        Malformed{MessageType::kWriteReplace, "060000", Kind::kInvalidValue, 5, "Repetition-Period",
                  kInvalid},
        Malformed{MessageType::kWriteReplace, "061000", Kind::kInvalidValue, 5, "Repetition-Period",
                  kInvalid},
        Malformed{MessageType::kWriteReplace, "1300", Kind::kInvalidValue, 5, "Number-of-Pages", kInvalid},
        Malformed{MessageType::kWriteReplace, "1310", Kind::kInvalidValue, 5, "Number-of-Pages", kInvalid},
        Malformed{MessageType::kWriteReplace, "17bb", Kind::kInvalidValue, 5, "Warning-Period", kInvalid},
    };
    for (const Malformed& row : rows) {
        const auto failure = failure_of(message_of(row.type, row.body));
        CHECK_EQ(failure.error.field, row.field);
        CHECK_EQ(failure.error.offset, row.offset);
        CHECK(failure.error.kind == row.kind);
        CHECK(failure.cause == row.cause);
    }
}

void a_wrong_header_is_refused() {
    CHECK(failure_of({}).error.kind == Kind::kTruncated);
    CHECK(failure_of(*base::from_hex("10000005 04000106")).error.kind == Kind::kTruncated);
    CHECK(failure_of(*base::from_hex("10000003 04000106")).error.kind == Kind::kTrailing);
    for (const char* unknown : {"00000000", "18000000", "ff000000"})
        CHECK(failure_of(*base::from_hex(unknown)).cause == Cause::kUnrecognisedMessage);
}

// Spare bits and values of later releases must not cost us an answer.
void spare_bits_and_unknown_causes_are_taken() {
    CHECK((decoded(message_of(MessageType::kReset, "040001f6")) == Message{Reset{AllCells{}}}));
    CHECK((decoded(message_of(MessageType::kRestart, "04000106 16f0 0df1")) ==
           Message{Restart{AllCells{}, BroadcastMessageType::kBroadcast, RecoveryIndication::kDataLost}}));
    const auto odd = decoded(message_of(MessageType::kErrorIndication, "0b7e"));
    CHECK_EQ(to_string(std::get_if<ErrorIndication>(&odd)->cause), "unknown cause (0x7e)");
}

struct InfoRow {
    const char* octet;
    BroadcastsInfo info;
};

void both_readings_of_the_broadcasts_info_are_understood() {
    constexpr std::array kRows{
        InfoRow{"00", BroadcastsInfo::kValid},    InfoRow{"01", BroadcastsInfo::kOverflow},
        InfoRow{"10", BroadcastsInfo::kOverflow}, InfoRow{"02", BroadcastsInfo::kUnknown},
        InfoRow{"20", BroadcastsInfo::kUnknown},  InfoRow{"f0", BroadcastsInfo::kUnknown},
    };
    for (const InfoRow& row : kRows) {
        const auto message = decoded(message_of(
            MessageType::kKillComplete, "0e1112 024000 080006 02 002a 0007" + std::string(row.octet)));
        const auto* complete = std::get_if<KillComplete>(&message);
        CHECK(complete != nullptr && complete->completed && complete->completed->size() == 1);
        CHECK(complete->completed->front().info == row.info);
        CHECK_EQ(complete->completed->front().broadcasts, 7U);
    }
}

void the_channel_indicator_tells_broadcast_from_emergency() {
    const auto samples = test::cbsp_samples();
    for (const auto& sample : samples) {
        const auto* write = std::get_if<WriteReplace>(&sample.message);
        if (write == nullptr) continue;
        const auto back = decoded(encode(*write));
        CHECK_EQ(std::get_if<WriteReplace>(&back)->content.index(), write->content.index());
    }
}

void the_number_of_pages_must_be_that_of_the_pages() {
    const auto samples = test::cbsp_samples();
    auto octets = encode(samples.front().message);
    for (size_t i = 0; i + 1 < octets.size(); ++i)
        if (octets[i] == 0x13 && octets[i + 1] == 1) {
            octets[i + 1] = 2;
            break;
        }
    CHECK_EQ(failure_of(octets).error.field, "Number-of-Pages");
}

void sixteen_pages_are_too_many() {
    std::string body;
    for (int i = 0; i < 16; ++i) body += "0152" + std::string(164, '0');
    const auto failure = failure_of(message_of(MessageType::kWriteReplace, body));
    CHECK(failure.error.kind == Kind::kTooLong);
    body = "0153" + std::string(164, '0');
    CHECK_EQ(failure_of(message_of(MessageType::kWriteReplace, body)).error.field, "Message-Content");
}

void every_type_has_its_name_and_number() {
    for (unsigned octet = 0; octet <= 0xff; ++octet) {
        const auto type = message_type_of(static_cast<uint8_t>(octet));
        CHECK_EQ(type.has_value(), octet >= 1 && octet <= 0x17);
        if (type) CHECK(!to_string(*type).empty());
    }
}

}  // namespace

GROUP(cbsp_codec, CASE(every_vector_decodes_and_encodes_to_the_same_octets),
      CASE(every_truncation_of_every_vector_ends_well), CASE(every_sample_comes_back_equal),
      CASE(what_was_observed_means_what_it_should), CASE(elements_may_come_in_any_order),
      CASE(an_element_that_comes_twice_counts_once_and_the_first_wins),
      CASE(an_element_of_another_message_is_skipped),
      CASE(an_unknown_element_after_all_that_is_needed_is_told), CASE(what_is_wrong_is_named_with_its_place),
      CASE(a_wrong_header_is_refused), CASE(spare_bits_and_unknown_causes_are_taken),
      CASE(both_readings_of_the_broadcasts_info_are_understood),
      CASE(the_channel_indicator_tells_broadcast_from_emergency),
      CASE(the_number_of_pages_must_be_that_of_the_pages), CASE(sixteen_pages_are_too_many),
      CASE(every_type_has_its_name_and_number))
