// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/sbcap_codec.h"

#include <algorithm>

#include "cbc/wire/sbcap_tables.h"
#include "common/cbs/text.h"
#include "tests/support/codec_case.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace cbc::sbcap;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const cbs::MessageIdentifier kPresidential{4370};
const cbs::SerialNumber kSerial{0x4000};

using test::kTestPage;
using Case = test::CodecCase<Message, Fault, encode, decode>;
constexpr auto encoded = Case::encoded;
constexpr auto decoded = Case::decoded;
constexpr auto refused = Case::refused;
constexpr auto check_both_ways = Case::check_both_ways;

WriteReplaceWarningRequest one_page() {
    WriteReplaceWarningRequest write;
    write.message_identifier = kPresidential;
    write.serial = kSerial;
    write.repetition_period = 30;
    write.number_of_broadcasts = 10;
    write.coding = cbs::DataCoding{1};
    write.contents = *base::from_hex(kTestPage);
    write.concurrent = true;
    write.send_indication = true;
    return write;
}

void a_write_of_one_page() {
    check_both_ways(one_page(),
                    "0000008084000008000500021112000b00024000000a0002001e00070002000a0003400101001040560053" +
                        std::string(kTestPage) + "00140001000018400100");
}

void an_etws_primary_notification() {
    WriteReplaceWarningRequest write;
    write.message_identifier = cbs::kEtwsEarthquake;
    write.serial = cbs::SerialNumber{0x7000};
    write.tais = {{kPlmn, 1}, {kPlmn, 2}};
    write.number_of_broadcasts = 1;
    write.warning_type = cbs::WarningType{0, true, true};
    check_both_ways(
        write,
        "00000033000006000500021100000b00027000000e000e00010000f11000010000f1100002000a00020000000700020001"
        "001240020180");
}

void responses() {
    WriteReplaceWarningResponse accepted;
    accepted.message_identifier = kPresidential;
    accepted.serial = kSerial;
    check_both_ways(accepted, "20000014000003000500021112000b000240000001000100");
    auto unknown = accepted;
    unknown.unknown_tais = {{kPlmn, 7}};
    check_both_ways(unknown, "20000020000004000500021112000b0002400000010001000016400800000000f1100007");
    StopWarningResponse stopped;
    stopped.message_identifier = kPresidential;
    stopped.serial = kSerial;
    check_both_ways(stopped, "20010014000003000500021112000b000240000001000100");
}

void a_stop() {
    StopWarningRequest stop;
    stop.message_identifier = kPresidential;
    stop.serial = kSerial;
    stop.send_indication = true;
    check_both_ways(stop, "00010014000003000500021112000b00024000001a400100");
}

void indications() {
    WriteReplaceWarningIndication scheduled;
    scheduled.message_identifier = kPresidential;
    scheduled.serial = kSerial;
    scheduled.scheduled = EpsCells{{{{kPlmn, 0x0019b01}, std::nullopt}}, {}, {}};
    check_both_ways(scheduled, "0003401e000003000500021112000b000240000017000b4000000000f1100019b010");
    check_both_ways(
        PwsRestartIndication{.cells = {{kPlmn, 0x0019b01}, {kPlmn, 0x0019b02}},
                             .enb = {kPlmn, 0x0019b, 20},
                             .tais = {{kPlmn, 1}}},
        "0005402f000003001e0010010000f1100019b01000f1100019b020001c00080000f110000019b0001f000800000000f1"
        "100001");
    check_both_ways(PwsFailureIndication{.cells = {{kPlmn, 0x0019b01}}, .enb = {kPlmn, 0x0019b, 20}},
                    "0006401c00000200210009000000f1100019b010001c00080000f110000019b0");
    check_both_ways(ErrorIndication{Cause::kTransferSyntaxError, std::nullopt}, "00024008000001000140010d");
}

// All that a message can hold at once.
void everything_optional_goes_both_ways() {
    auto write = one_page();
    write.tais = {{kPlmn, 65535}};
    write.area = std::vector<Ecgi>{{kPlmn, 0xfffffff}, {*PlmnId::parse("310-410"), 1}};
    write.security = base::Bytes(50, 7);
    write.warning_type = cbs::WarningType{3, false, true};
    write.omc_id = base::Bytes{1, 2, 3};
    write.enb = EnbId{kPlmn, 0x1fffff, 21};
    write.coordinates = base::Bytes(1024, 9);
    write.nr.tais = {{kPlmn, 0xffffff}};
    write.nr.area = std::vector<Ncgi>{{kPlmn, 0xfffffffff}};
    write.nr.node = RanNode{GnbId{kPlmn, 0x3fffff, 22}};
    write.nr.rat_selector = true;
    CHECK(decoded(encoded(write)) == Message{write});
    write.area = std::vector<EmergencyArea>{{{{1, 2, 3}}}};
    write.nr.area = Tai5gs{kPlmn, 5};
    write.nr.node = RanNode{NgEnbId{kPlmn, 0x3ffff, 18}};
    CHECK(decoded(encoded(write)) == Message{write});

    StopWarningIndication stopped;
    stopped.message_identifier = kPresidential;
    stopped.serial = kSerial;
    stopped.cancelled = EpsCells{{{{kPlmn, 1}, 65535}},
                                 {{{kPlmn, 9}, {{{kPlmn, 2}, 0}, {{kPlmn, 3}, 1}}}},
                                 {{{{4, 5, 6}}, {{{kPlmn, 4}, 2}}}}};
    stopped.empty = {{kPlmn, 5, 18}, {kPlmn, 6, 28}};
    stopped.cancelled_nr = NrCells{{{{kPlmn, 7}, 8}}, {}, {}};
    stopped.empty_nr = {GnbId{kPlmn, 1, 32}};
    CHECK(decoded(encoded(stopped)) == Message{stopped});
}

void long_periods_travel_in_an_element_of_their_own() {
    for (const uint32_t seconds : {4095U, 4096U, 131'071U}) {
        auto write = one_page();
        write.repetition_period = seconds;
        CHECK(decoded(encoded(write)) == Message{write});
    }
    auto write = one_page();
    write.repetition_period = kRepetitionPeriodMax + 1;
    CHECK(!encode(write));
}

void lists_of_any_length_go_both_ways() {
    for (const uint32_t count : {1U, 256U, 257U, 2048U, 20'000U}) {
        auto write = one_page();
        std::vector<Ecgi> cells;
        for (uint32_t i = 0; i < count; ++i) cells.push_back({kPlmn, i});
        write.area = std::move(cells);
        CHECK(decoded(encoded(write)) == Message{write});
    }
}

void octets_that_are_no_pdu_are_a_transfer_syntax_error() {
    for (const char* hex : {"", "80", "00", "0000", "000000", "00000005", "ffffffffffffff", "60000000"}) {
        const auto fault = refused(hex);
        CHECK(fault.answer.has_value());
        CHECK_EQ(static_cast<int>(*fault.answer->cause), 13);
        CHECK(!fault.answer->diagnostics);
    }
}

void an_unknown_procedure_is_answered_as_its_criticality_says() {
    const auto reject = refused(
        "0063000300000000"
        "");
    CHECK_EQ(static_cast<int>(*reject.answer->cause), 13);  // its open type is cut
    const auto known_form = refused("00630003000000");
    CHECK_EQ(static_cast<int>(*known_form.answer->cause), 16);
    CHECK_EQ(static_cast<int>(*known_form.answer->diagnostics->procedure), 0x63);
    CHECK(!refused("00634003000000").answer);
    CHECK_EQ(static_cast<int>(*refused("00638003000000").answer->cause), 17);
}

void a_missing_element_is_named() {
    // Write-Replace-Warning-Indication without its serial number.
    const auto fault = refused("00034009000001000500021112");
    CHECK_EQ(static_cast<int>(*fault.answer->cause), 16);
    const auto& diagnostics = *fault.answer->diagnostics;
    CHECK_EQ(diagnostics.elements.size(), size_t{1});
    CHECK_EQ(diagnostics.elements[0].id, kIdSerialNumber);
    CHECK(diagnostics.elements[0].kind == wire::Diagnostic::Kind::kMissing);
}

void unknown_elements_by_their_criticality() {
    const std::string start = "20000000000004000500021112000b000240000001000100";
    const auto with = [&](const char* element) {
        auto octets = *base::from_hex(start + element);
        octets[3] = static_cast<uint8_t>(octets.size() - 4);
        return base::to_hex(octets);
    };
    CHECK(refused(with("1234000101")).answer->diagnostics->elements.size() == 1);
    CHECK(std::holds_alternative<WriteReplaceWarningResponse>(decoded(with("1234400101"))));
    const auto notified = decode(*base::from_hex(with("1234800101")));
    CHECK_OK(notified);
    CHECK(notified->notify.has_value());
    CHECK_EQ(static_cast<int>(*notified->notify->cause), 17);
    CHECK_EQ(notified->notify->diagnostics->elements[0].id, 0x1234);
}

void a_restart_without_its_tracking_areas_is_forgiven_and_reported() {
    const auto restart =
        decode(*base::from_hex("0005401c000002001e0009000000f1100019b010001c00080000f110000019b0"));
    CHECK_OK(restart);
    CHECK_EQ(std::get<PwsRestartIndication>(restart->message).cells.size(), size_t{1});
    CHECK(restart->notify.has_value());
}

void error_indications_are_never_answered() {
    // Its cause is unreadable.
    const auto fault = decode(*base::from_hex("0002400900000100010002ffff"));
    CHECK(!fault);
    CHECK(!fault.error().answer);
}

void every_cut_of_every_message_is_refused() {
    for (const char* hex :
         {"20000020000004000500021112000b0002400000010001000016400800000000f1100007",
          "0005402f000003001e0010010000f1100019b01000f1100019b020001c00080000f110000019b0001f00080000"
          "0000f1100001"}) {
        const auto whole = *base::from_hex(hex);
        for (size_t size = 0; size < whole.size(); ++size) CHECK(!decode(base::ByteView(whole).first(size)));
    }
}

void a_network_of_other_than_digits_is_refused() {
    const auto fault = refused("0006401c00000200210009000000fabc0019b010001c00080000f110000019b0");
    CHECK_EQ(static_cast<int>(*fault.answer->cause), 16);
    CHECK_EQ(fault.answer->diagnostics->elements[0].id, kIdFailedCellList);
}

void the_tables_list_each_element_once() {
    for (const auto& rule : all_rules()) {
        std::vector<uint16_t> ids;
        for (const auto& element : rule.elements) ids.push_back(element.id);
        std::ranges::sort(ids);
        CHECK(std::ranges::adjacent_find(ids) == ids.end());
        CHECK(rule_of(rule.procedure, rule.trigger) == &rule);
    }
    CHECK(rule_of(0, wire::Trigger::kUnsuccessfulOutcome) == nullptr);
}

}  // namespace

GROUP(sbcap_codec, CASE(a_write_of_one_page), CASE(an_etws_primary_notification), CASE(responses),
      CASE(a_stop), CASE(indications), CASE(everything_optional_goes_both_ways),
      CASE(long_periods_travel_in_an_element_of_their_own), CASE(lists_of_any_length_go_both_ways),
      CASE(octets_that_are_no_pdu_are_a_transfer_syntax_error),
      CASE(an_unknown_procedure_is_answered_as_its_criticality_says), CASE(a_missing_element_is_named),
      CASE(unknown_elements_by_their_criticality),
      CASE(a_restart_without_its_tracking_areas_is_forgiven_and_reported),
      CASE(error_indications_are_never_answered), CASE(every_cut_of_every_message_is_refused),
      CASE(a_network_of_other_than_digits_is_refused), CASE(the_tables_list_each_element_once))
