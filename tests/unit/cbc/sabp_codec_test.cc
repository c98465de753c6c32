// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The octets here are those of Erlang's compiler, from asn1/sabp.asn; Wireshark dissects them without an
// error.
#include "cbc/wire/sabp_codec.h"

#include <algorithm>

#include "cbc/wire/sabp_tables.h"
#include "tests/support/codec_case.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace cbc::sabp;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const cbs::MessageIdentifier kPresidential{4370};
const cbs::SerialNumber kSerial{0x4000};
const ServiceArea kArea{kPlmn, 1, 512};
const ServiceArea kNext{kPlmn, 1, 513};
const std::vector<Completed> kCompleted{{kArea, 3, std::nullopt}, {kNext, 65535, CountNote::kOverflow}};
const std::vector<Failed> kFailed{{{kPlmn, 1, 514}, Cause::kServiceAreaBroadcastNotSupported}};

using test::kTestPage;
using Case = test::CodecCase<Message, Fault, encode, decode>;
constexpr auto encoded = Case::encoded;
constexpr auto decoded = Case::decoded;
constexpr auto refused = Case::refused;
constexpr auto check_both_ways = Case::check_both_ways;

WriteReplace one_page() {
    WriteReplace write;
    write.message_identifier = kPresidential;
    write.new_serial = kSerial;
    write.areas = {kArea, kNext};
    write.category = Category::kHighPriority;
    write.repetition_period = 30;
    write.number_of_broadcasts = 10;
    write.coding = cbs::DataCoding{1};
    write.content = *base::from_hex(kTestPage);
    return write;
}

void a_write_of_one_page() {
    check_both_ways(one_page(),
                    "0000008093000008000600021112000700024000000f0010000100f1100001020000f1100001020100014001"
                    "00000d0002001d00090002000a000400010100000056029f" +
                        std::string(kTestPage));
}

void an_etws_notification_that_replaces() {
    auto write = one_page();
    write.message_identifier = cbs::kEtwsEarthquake;
    write.new_serial = cbs::SerialNumber{0x7000};
    write.old_serial = cbs::SerialNumber{0x6ff0};
    write.areas = {kArea};
    write.category = std::nullopt;
    write.repetition_period = 1;
    write.number_of_broadcasts = 0;
    write.security = base::Bytes(50, 0);
    write.paging = true;
    write.warning_type = cbs::WarningType{0, true, true};
    write.content_not_valid = true;
    check_both_ways(write,
                    "00000080d5400008000600021100000700027000000a40026ff0000f0009000000f11000010200000d000200"
                    "00000900020000000400010100000056029f" +
                        std::string(kTestPage) +
                        "000300144032000000000000000000000000000000000000000000000000000000000000000000000000"
                        "000000000000000000000000000000124001000013400201800015400100");
}

template <class M>
M answer(std::vector<Failed> failed, std::vector<Completed> completed) {
    M message;
    message.message_identifier = kPresidential;
    message.serial = kSerial;
    message.failed = std::move(failed);
    message.completed = std::move(completed);
    return message;
}

void answers_to_a_write() {
    check_both_ways(
        answer<WriteReplaceComplete>({}, kCompleted),
        "2000002a0000030006000211120007000240000008001700010000f1100001020000034000f11000010201ffff00");
    check_both_ways(
        answer<WriteReplaceFailure>(kFailed, kCompleted),
        "400000390000040006000211120007000240000005000b00000000f11000010202080008401700010000f11000010200"
        "00034000f11000010201ffff00");
}

void a_kill_and_its_answers() {
    check_both_ways(Kill{kPresidential, kSerial, {kArea}},
                    "0001001c000003000600021112000a00024000000f0009000000f11000010200");
    check_both_ways(
        answer<KillComplete>({}, kCompleted),
        "2001002a000003000600021112000a000240000008001700010000f1100001020000034000f11000010201ffff00");
    check_both_ways(answer<KillFailure>(kFailed, {}),
                    "4001001e000003000600021112000a000240000005000b00000000f1100001020208");
}

void a_question_for_load_and_its_answers() {
    check_both_ways(LoadQuery{{kArea}}, "00020010000001000f0009000000f11000010200");
    LoadQueryComplete complete;
    complete.loads = {{kArea, kBandwidthMax}};
    check_both_ways(complete, "20020013000001000b000c00000000f110000102005000");
    LoadQueryFailure failure;
    failure.failed = kFailed;
    failure.loads = {{kArea, 1200}};
    check_both_ways(failure, "400200220000020005000b00000000f1100001020208000b400c00000000f1100001020004b0");
}

// In its failure the serial number stands after the list.
void a_question_for_status_and_its_answers() {
    check_both_ways(MessageStatusQuery{kPresidential, kSerial, {kArea}},
                    "0003001c000003000600021112000a00024000000f0009000000f11000010200");
    check_both_ways(
        answer<MessageStatusQueryComplete>({}, kCompleted),
        "2003002a000003000600021112000a000240000008001700010000f1100001020000034000f11000010201ffff00");
    const auto failure = answer<MessageStatusQueryFailure>(kFailed, {});
    CHECK(decoded("4003001e0000030006000211120005000b00000000f1100001020208000a00024000") ==
          Message{failure});
    CHECK(decoded(encoded(failure)) == Message{failure});
}

void a_reset_and_its_answers() {
    check_both_ways(Reset{{kArea, kNext}}, "00050017000001000f0010000100f1100001020000f11000010201");
    ResetComplete complete;
    complete.areas = {kArea};
    check_both_ways(complete, "20050010000001000f0009000000f11000010200");
    ResetFailure failure;
    failure.failed = kFailed;
    failure.areas = {kArea};
    check_both_ways(failure, "4005001f0000020005000b00000000f1100001020208000f0009000000f11000010200");
}

void indications() {
    check_both_ways(Restart{{kArea, kNext}, RecoveryIndication::kDataAvailable},
                    "0004401c000002000f4010000100f1100001020000f11000010201000c400180");
    check_both_ways(Failure{{kArea}}, "00064010000001000f4009000000f11000010200");
    check_both_ways(
        ErrorIndication{kPresidential, kSerial, Cause::kAbstractSyntaxErrorReject,
                        wire::CriticalityDiagnostics{0,
                                                     0,
                                                     wire::Criticality::kReject,
                                                     {{wire::Criticality::kReject, kIdServiceAreasList,
                                                       wire::Diagnostic::Kind::kMissing}}}},
        "00074026000004000640021112000e40024000000240010f0003400e7800000020000f00000011400140");
}

void lists_and_contents_of_any_length_go_both_ways() {
    for (const size_t count : {1U, 255U, 256U, 257U, 16'384U, 65'535U}) {
        Kill kill{kPresidential, kSerial, {}};
        for (size_t i = 0; i < count; ++i) kill.areas.push_back({kPlmn, 1, static_cast<uint16_t>(i)});
        CHECK(decoded(encoded(kill)) == Message{kill});
    }
    for (const size_t octets : {size_t{1}, size_t{84}, size_t{1163}, kContentOctetsMax}) {
        auto write = one_page();
        write.content = base::Bytes(octets, 0x5a);
        CHECK(decoded(encoded(write)) == Message{write});
    }
}

void what_the_standard_has_no_room_for_is_not_encoded() {
    auto write = one_page();
    write.repetition_period = 0;
    CHECK(!encode(write));
    write.repetition_period = kRepetitionPeriodMax + 1;
    CHECK(!encode(write));
    write = one_page();
    write.content = base::Bytes(kContentOctetsMax + 1, 1);
    CHECK(!encode(write));
    write.content.clear();
    CHECK(!encode(write));
    LoadQueryComplete load;
    load.loads = {{kArea, kBandwidthMax + 1}};
    CHECK(!encode(load));
}

void octets_that_are_no_pdu_are_a_transfer_syntax_error() {
    for (const char* hex : {"", "80", "00", "0000", "000000", "00000005", "ffffffffffffff", "60000000"}) {
        const auto fault = refused(hex);
        CHECK(fault.answer.has_value());
        CHECK(fault.answer->cause == Cause::kTransferSyntaxError);
        CHECK(!fault.answer->diagnostics);
    }
}

void a_kill_without_areas_is_refused_and_a_restart_is_not() {
    const auto fault = refused("0001000f000002000600021112000a00024000");
    CHECK(fault.answer->cause == Cause::kAbstractSyntaxErrorReject);
    CHECK_EQ(fault.answer->diagnostics->elements.size(), size_t{1});
    CHECK_EQ(fault.answer->diagnostics->elements[0].id, kIdServiceAreasList);
    CHECK(fault.answer->diagnostics->elements[0].kind == wire::Diagnostic::Kind::kMissing);
    CHECK(std::get<Restart>(decoded("00044003000000")).areas.empty());
}

void an_unreadable_extension_is_passed_over() {
    // Warning-Type of one octet, ignore.
    auto hex = encoded(one_page());
    auto octets = *base::from_hex(hex);
    octets[5] = 0x40;  // protocolExtensions is there
    const auto extension = *base::from_hex("00000013400101");
    octets.insert(octets.end(), extension.begin(), extension.end());
    octets[4] = static_cast<uint8_t>(octets.size() - 5);
    const auto write = decoded(base::to_hex(octets));
    CHECK(write == Message{one_page()});
}

void contents_that_do_not_end_with_an_octet_are_refused() {
    auto octets = *base::from_hex(encoded(one_page()));
    const auto length = octets.end() - 84 - 1;
    CHECK_EQ(static_cast<int>(*length), 0x9f);  // 672 bits, less one
    *length = 0x9e;
    const auto fault = decode(octets);
    CHECK(!fault);
    CHECK(fault.error().answer->cause == Cause::kAbstractSyntaxErrorReject);
}

void causes_that_nobody_knows_are_kept() {
    const auto failure = answer<KillFailure>({{kArea, static_cast<Cause>(200)}}, {});
    CHECK(decoded(encoded(failure)) == Message{failure});
}

void error_indications_are_never_answered() {
    // A cause of two octets, marked notify.
    const auto unreadable = decode(*base::from_hex("00074009000001000280020000"));
    CHECK_OK(unreadable);
    CHECK(!unreadable->notify);
}

void every_cut_of_every_message_is_refused() {
    for (const char* hex :
         {"400000390000040006000211120007000240000005000b00000000f11000010202080008401700010000f11000010200"
          "00034000f11000010201ffff00",
          "00074026000004000640021112000e40024000000240010f0003400e7800000020000f00000011400140"}) {
        const auto whole = *base::from_hex(hex);
        for (size_t size = 0; size < whole.size(); ++size) CHECK(!decode(base::ByteView(whole).first(size)));
    }
}

void the_tables_list_each_element_once() {
    for (const auto& rule : all_rules()) {
        std::vector<uint16_t> ids;
        for (const auto& element : rule.elements) ids.push_back(element.id);
        std::ranges::sort(ids);
        CHECK(std::ranges::adjacent_find(ids) == ids.end());
        CHECK(rule_of(rule.procedure, rule.trigger) == &rule);
    }
    CHECK(rule_of(4, wire::Trigger::kSuccessfulOutcome) == nullptr);
}

}  // namespace

GROUP(sabp_codec, CASE(a_write_of_one_page), CASE(an_etws_notification_that_replaces),
      CASE(answers_to_a_write), CASE(a_kill_and_its_answers), CASE(a_question_for_load_and_its_answers),
      CASE(a_question_for_status_and_its_answers), CASE(a_reset_and_its_answers), CASE(indications),
      CASE(lists_and_contents_of_any_length_go_both_ways),
      CASE(what_the_standard_has_no_room_for_is_not_encoded),
      CASE(octets_that_are_no_pdu_are_a_transfer_syntax_error),
      CASE(a_kill_without_areas_is_refused_and_a_restart_is_not),
      CASE(an_unreadable_extension_is_passed_over), CASE(contents_that_do_not_end_with_an_octet_are_refused),
      CASE(causes_that_nobody_knows_are_kept), CASE(error_indications_are_never_answered),
      CASE(every_cut_of_every_message_is_refused), CASE(the_tables_list_each_element_once))
