// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/n50_json.h"

#include <nlohmann/json.hpp>

#include "tests/support/test.h"

namespace {

using namespace cbc;
using n50::InformationClass;

const PlmnId kTest = *PlmnId::parse("001", "01");

void a_request_says_what_the_standard_wants() {
    const n50::TransferRequest request{.tais = {{kTest, 1}},
                                       .rat = n50::Rat::kNr,
                                       .nodes = {GnbId{kTest, 1, 22}},
                                       .message_identifier = cbs::MessageIdentifier{4370},
                                       .serial = cbs::SerialNumber{0x4000},
                                       .ngap_procedure = 51,
                                       .content_id = "ngap-1",
                                       .send_ran_response = true,
                                       .omc_id = "omc",
                                       .nf_id = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"};
    // The example of TS 29.518 §6.1.6.4 with its optional members.
    CHECK(nlohmann::json::parse(n50::encode(request)) == nlohmann::json::parse(R"({
        "taiList": [{"plmnId": {"mcc": "001", "mnc": "01"}, "tac": "000001"}],
        "ratSelector": "NR",
        "globalRanNodeList": [{"plmnId": {"mcc": "001", "mnc": "01"},
                               "gNbId": {"bitLength": 22, "gNBValue": "000001"}}],
        "n2Information": {
            "n2InformationClass": "PWS",
            "pwsInfo": {
                "messageIdentifier": 4370,
                "serialNumber": 16384,
                "pwsContainer": {"ngapMessageType": 51, "ngapData": {"contentId": "ngap-1"}},
                "sendRanResponse": true,
                "omcId": "omc",
                "nfId": "6ba7b810-9dad-41d1-80b4-00c04fd430c8"}}})"));
}

void what_is_not_said_is_not_there() {
    const auto body = nlohmann::json::parse(
        n50::encode(n50::TransferRequest{.message_identifier = cbs::MessageIdentifier{1}, .serial = {}}));
    CHECK_EQ(body.size(), 1U);
    const auto& pws = body["n2Information"]["pwsInfo"];
    CHECK(!pws.contains("omcId") && !pws.contains("nfId"));
    CHECK_EQ(pws["sendRanResponse"].get<bool>(), false);
}

void a_subscription_names_its_class_and_where_to_call() {
    CHECK(nlohmann::json::parse(n50::encode(n50::Subscription{
              InformationClass::kBroadcastAreas, "http://192.0.2.1:7778/n50/amf-1", "amf-1", ""})) ==
          nlohmann::json::parse(R"({"n2InformationClass": "PWS-BCAL", "notifCorrelationId": "amf-1",
                                    "n2NotifyCallbackUri": "http://192.0.2.1:7778/n50/amf-1"})"));
    CHECK_EQ(n50::to_string(InformationClass::kRestartsAndFailures), "PWS-RF");
}

void an_answer_tells_the_areas_it_does_not_know_and_a_lost_subscription() {
    const auto plain = n50::read_transfer_answer(R"({"result":"N2_INFO_TRANSFER_INITIATED","future":1})");
    CHECK_OK(plain);
    CHECK(*plain == n50::TransferAnswer{});
    const auto full = n50::read_transfer_answer(R"({"result": "N2_INFO_TRANSFER_INITIATED", "pwsRspData": {
        "ngapMessageType": 51, "serialNumber": 16384, "messageIdentifier": 4370, "n2PwsSubMissInd": true,
        "unknownTaiList": [{"plmnId": {"mcc": "001", "mnc": "01"}, "tac": "000007"}]}})");
    CHECK_OK(full);
    CHECK(full->subscription_missing);
    CHECK(full->unknown_tais == std::vector<Tai5gs>({{kTest, 7}}));
}

void answers_that_are_wrong_are_refused_with_their_place() {
    const auto answer = n50::read_transfer_answer(
        R"({"result":"x","pwsRspData":{"unknownTaiList":[{"plmnId":{"mcc":"1","mnc":"01"},"tac":"000007"}]}})");
    CHECK(!answer);
    CHECK(answer.error().text.find("/pwsRspData/unknownTaiList/0") != std::string::npos);
    CHECK(!n50::read_transfer_answer("{}"));
    CHECK(!n50::read_transfer_answer("[]"));
    CHECK(!n50::read_transfer_answer("{\"result\":"));
    CHECK(!n50::read_subscribed("{}"));
    CHECK_EQ(*n50::read_subscribed(R"({"n2NotifySubscriptionId":"12"})"), "12");
}

void a_refusal_is_read_in_both_forms() {
    const auto error = n50::read_refusal(
        R"({"error":{"status":403,"cause":"UNSPECIFIED","detail":"no"},"pwsErrorInfo":{"namfCause":7}})");
    CHECK(error == (n50::Refusal{"UNSPECIFIED", "no", 7}));
    CHECK(n50::read_refusal(R"({"title":"Gone","cause":"X"})") == (n50::Refusal{"X", "Gone", std::nullopt}));
    CHECK(n50::read_refusal("<html>") == n50::Refusal{});
    CHECK(n50::read_refusal(R"({"error":7,"pwsErrorInfo":{"namfCause":70000}})") == n50::Refusal{});
    CHECK(n50::read_refusal("[]") == n50::Refusal{});
}

void a_notification_names_its_part() {
    const auto read = n50::read_notification(R"({"n2NotifySubscriptionId":"7","notifCorrelationId":"amf-1",
        "n2InfoContainer":{"n2InformationClass":"PWS-BCAL","pwsInfo":{"messageIdentifier":4370,
        "serialNumber":16384,"pwsContainer":{"ngapMessageType":51,"ngapData":{"contentId":"n2"}},
        "bcEmptyAreaList":[{"plmnId":{"mcc":"001","mnc":"01"},"gNbId":{"bitLength":24,"gNBValue":"000001"}}]}}})");
    CHECK_OK(read);
    CHECK_EQ(read->subscription, "7");
    CHECK_EQ(read->correlation, "amf-1");
    CHECK(read->information == InformationClass::kBroadcastAreas);
    CHECK_EQ(read->content_id, "n2");
    CHECK_EQ(*read->message_identifier, 4370);
    CHECK_EQ(*read->serial, 16384);
    CHECK(read->empty_areas == std::vector<RanNode>({GnbId{kTest, 1, 24}}));
}

void a_notification_of_something_else_is_read_as_far_as_it_goes() {
    const auto other = n50::read_notification(
        R"({"n2NotifySubscriptionId":"7","n2InfoContainer":{"n2InformationClass":"RAN","ranInfo":{}}})");
    CHECK_OK(other);
    CHECK(!other->information);
    CHECK(!n50::read_notification("{}"));
    CHECK(!n50::read_notification(
        R"({"n2NotifySubscriptionId":"7","n2InfoContainer":{"n2InformationClass":"PWS","pwsInfo":{"serialNumber":-1}}})"));
}

}  // namespace

GROUP(n50_json, CASE(a_request_says_what_the_standard_wants), CASE(what_is_not_said_is_not_there),
      CASE(a_subscription_names_its_class_and_where_to_call),
      CASE(an_answer_tells_the_areas_it_does_not_know_and_a_lost_subscription),
      CASE(answers_that_are_wrong_are_refused_with_their_place), CASE(a_refusal_is_read_in_both_forms),
      CASE(a_notification_names_its_part), CASE(a_notification_of_something_else_is_read_as_far_as_it_goes))
