// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/ngap_codec.h"

#include <algorithm>

#include "cbc/wire/ngap_tables.h"
#include "tests/support/codec_case.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace cbc::ngap;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const cbs::MessageIdentifier kPresidential{4370};
const cbs::SerialNumber kSerial{0x4000};

using test::kTestPage;

WriteReplaceWarningRequest one_page() {
    WriteReplaceWarningRequest write;
    write.message_identifier = kPresidential;
    write.serial = kSerial;
    write.area = std::vector<Tai5gs>{{kPlmn, 1}};
    write.repetition_period = 30;
    write.number_of_broadcasts = 10;
    write.coding = cbs::DataCoding{1};
    write.contents = *base::from_hex(kTestPage);
    write.concurrent = true;
    return write;
}

void check_both_ways(const Message& message) {
    const auto octets = encode(message);
    CHECK_OK(octets);
    const auto read = decode(*octets);
    CHECK_OK(read);
    CHECK(*read == message);
}

// What Wireshark dissects without an error.
void check_octets(const Message& message, const std::string& hex) {
    const auto octets = encode(message);
    CHECK_OK(octets);
    CHECK_EQ(base::to_hex(*octets), hex);
    check_both_ways(message);
}

void a_write_of_one_page() {
    check_octets(
        one_page(),
        "003300808d000008002300021112005f00024000007a400a4000000000f11000000100570002001e002f0002000a00144001"
        "01007b4056005301" +
            std::string(kTestPage).substr(2) + "0011000100");
}

void an_etws_primary_notification() {
    WriteReplaceWarningRequest write;
    write.message_identifier = cbs::kEtwsEarthquake;
    write.serial = cbs::SerialNumber{0x7000};
    write.number_of_broadcasts = 1;
    write.warning_type = cbs::WarningType{0, true, true};
    check_octets(write, "00330021000005002300021100005f00027000005700020000002f00020001007d40020180");
}

void cancels_and_a_response() {
    PwsCancelRequest cancel;
    cancel.message_identifier = kPresidential;
    cancel.serial = kSerial;
    check_octets(cancel, "0020000f000002002300021112005f00024000");
    cancel.cancel_all = true;
    check_octets(cancel, "00200014000003002300021112005f00024000000e000100");
    WriteReplaceWarningResponse response;
    response.message_identifier = kPresidential;
    response.serial = kSerial;
    check_octets(response, "2033000f000002002300021112005f00024000");
}

void every_form_of_an_area() {
    auto write = one_page();
    for (const auto& area : {WarningArea{std::vector<Ecgi>{{kPlmn, 0xfffffff}}},
                             WarningArea{std::vector<Ncgi>{{kPlmn, 0xfffffffff}, {kPlmn, 1}}},
                             WarningArea{std::vector<Tai5gs>{{kPlmn, 0xffffff}}},
                             WarningArea{std::vector<EmergencyArea>{{{{1, 2, 3}}}}}}) {
        write.area = area;
        check_both_ways(write);
    }
    write.area.reset();
    write.security = base::Bytes(50, 3);
    write.coordinates = base::Bytes(1024, 4);
    write.repetition_period = kRepetitionPeriodMax;
    check_both_ways(write);
    write.repetition_period = kRepetitionPeriodMax + 1;
    CHECK(!encode(write));
}

void every_form_of_a_broadcast_area() {
    const EmergencyArea area{{7, 8, 9}};
    const std::vector<BroadcastArea> done{
        EutraCells{{{{kPlmn, 1}, std::nullopt}, {{kPlmn, 2}, std::nullopt}}, {}, {}},
        EutraCells{{}, {{{kPlmn, 3}, {{{kPlmn, 4}, std::nullopt}}}}, {}},
        EutraCells{{}, {}, {{area, {{{kPlmn, 5}, std::nullopt}}}}},
        NrCells{{{{kPlmn, 6}, std::nullopt}}, {}, {}},
        NrCells{{}, {{{kPlmn, 7}, {{{kPlmn, 8}, std::nullopt}}}}, {}},
        NrCells{{}, {}, {{area, {{{kPlmn, 9}, std::nullopt}}}}},
    };
    for (const BroadcastArea& one : done) {
        WriteReplaceWarningResponse response;
        response.message_identifier = kPresidential;
        response.serial = kSerial;
        response.completed = one;
        response.diagnostics = wire::CriticalityDiagnostics{
            51,
            0,
            wire::Criticality::kReject,
            {{wire::Criticality::kNotify, 4711, wire::Diagnostic::Kind::kMissing}}};
        check_both_ways(response);
    }
    const std::vector<BroadcastArea> gone{
        EutraCells{{{{kPlmn, 1}, 65535}}, {}, {}},
        EutraCells{{}, {{{kPlmn, 3}, {{{kPlmn, 4}, 0}}}}, {}},
        EutraCells{{}, {}, {{area, {{{kPlmn, 5}, 1}}}}},
        NrCells{{{{kPlmn, 6}, 2}}, {}, {}},
        NrCells{{}, {{{kPlmn, 7}, {{{kPlmn, 8}, 3}}}}, {}},
        NrCells{{}, {}, {{area, {{{kPlmn, 9}, 4}}}}},
    };
    for (const BroadcastArea& one : gone) {
        PwsCancelResponse response;
        response.message_identifier = kPresidential;
        response.serial = kSerial;
        response.cancelled = one;
        check_both_ways(response);
    }
}

void indications_of_every_kind_of_node() {
    for (const RanNode& node :
         {RanNode{GnbId{kPlmn, 5, 22}}, RanNode{GnbId{kPlmn, 0xffffffff, 32}}, RanNode{NgEnbId{kPlmn, 1, 18}},
          RanNode{NgEnbId{kPlmn, 2, 20}}, RanNode{NgEnbId{kPlmn, 3, 21}}}) {
        check_both_ways(PwsFailureIndication{std::vector<Ncgi>{{kPlmn, 1}}, node});
        check_both_ways(PwsRestartIndication{
            std::vector<Ecgi>{{kPlmn, 1}}, node, {{kPlmn, 9}}, {EmergencyArea{{1, 1, 1}}}});
    }
    CHECK(!encode(PwsFailureIndication{std::vector<Ncgi>{{kPlmn, 1}}, NgEnbId{kPlmn, 1, 19}}));
}

void every_cut_is_refused() {
    const auto whole = *encode(one_page());
    for (size_t size = 0; size < whole.size(); ++size) CHECK(!decode(base::ByteView(whole).first(size)));
}

void the_error_says_which_message_and_element() {
    // WriteReplaceWarningResponse without its serial number.
    const auto missing = decode(*base::from_hex("20330009000001002300021112"));
    CHECK(!missing);
    CHECK_EQ(missing.error().field, std::string("WriteReplaceWarningResponse: element 95"));
    // Procedure 4 is none of public warning's.
    CHECK_EQ(decode(*base::from_hex("0004000300000000")).error().field.empty(), false);
    CHECK_EQ(decode(*base::from_hex("00040003000000")).error().field, std::string("procedureCode"));
}

void the_tables_list_each_element_once() {
    for (const auto& rule : all_rules()) {
        std::vector<uint16_t> ids;
        for (const auto& element : rule.elements) ids.push_back(element.id);
        std::ranges::sort(ids);
        CHECK(std::ranges::adjacent_find(ids) == ids.end());
        CHECK(rule_of(rule.procedure, rule.trigger) == &rule);
    }
}

}  // namespace

GROUP(ngap_codec, CASE(a_write_of_one_page), CASE(an_etws_primary_notification), CASE(cancels_and_a_response),
      CASE(every_form_of_an_area), CASE(every_form_of_a_broadcast_area),
      CASE(indications_of_every_kind_of_node), CASE(every_cut_is_refused),
      CASE(the_error_says_which_message_and_element), CASE(the_tables_list_each_element_once))
