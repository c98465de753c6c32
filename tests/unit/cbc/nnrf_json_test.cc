// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/nnrf_json.h"

#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

std::string result_of(const std::string& profiles) {
    return R"({"validityPeriod":30,"nfInstances":[)" + profiles + "]}";
}

std::string amf(const std::string& more, const std::string& services) {
    return R"({"nfInstanceId":"a1","nfType":"AMF","nfStatus":"REGISTERED",)" + more + R"("nfServices":[)" +
           services + "]}";
}

std::string uri_of(const std::string& profile) {
    const auto found = nnrf::read_search_result(result_of(profile));
    CHECK_OK(found);
    return found->amfs.empty() ? "" : found->amfs[0].uri;
}

void the_endpoint_of_the_service_comes_first_then_its_name_then_the_profiles() {
    CHECK_EQ(uri_of(amf(R"("ipv4Addresses":["10.0.0.1"],)",
                        R"({"serviceName":"namf-comm","scheme":"http","fqdn":"x.y","apiPrefix":"/p/q",
                            "ipEndPoints":[{"ipv4Address":"10.0.0.5","port":7777}]})")),
             "http://10.0.0.5:7777/p/q");
    CHECK_EQ(uri_of(amf("", R"({"serviceName":"namf-comm","scheme":"https","fqdn":"amf.5gc",
                                "ipEndPoints":[{"port":8443}]})")),
             "https://amf.5gc:8443");
    CHECK_EQ(
        uri_of(amf(R"("ipv6Addresses":["2001:db8::1"],)", R"({"serviceName":"namf-comm","scheme":"http"})")),
        "http://[2001:db8::1]");
}

void services_may_stand_in_a_map() {
    CHECK_EQ(uri_of(R"({"nfInstanceId":"a1","nfStatus":"REGISTERED","fqdn":"amf.5gc","nfServiceList":
                        {"1":{"serviceName":"namf-evts"},"2":{"serviceName":"namf-comm","scheme":"http"}}})"),
             "http://amf.5gc");
}

void who_offers_nothing_for_us_is_passed_over() {
    const std::string service = R"({"serviceName":"namf-comm","scheme":"http"})";
    CHECK_EQ(uri_of(amf("", service)), "");  // nowhere
    CHECK_EQ(uri_of(amf(R"("fqdn":"a/b",)", service)), "");
    CHECK_EQ(uri_of(amf(R"("fqdn":"a",)", R"({"serviceName":"namf-evts"})")), "");
    CHECK_EQ(uri_of(amf(R"("fqdn":"a",)",
                        R"({"serviceName":"namf-comm","scheme":"http","nfServiceStatus":"SUSPENDED"})")),
             "");
    CHECK_EQ(uri_of(R"({"nfInstanceId":"a","nfStatus":"SUSPENDED","fqdn":"a","nfServices":[]})"), "");
}

void the_areas_are_told_when_they_are_a_list() {
    const std::string service = R"({"serviceName":"namf-comm","scheme":"http"})";
    const std::string list = R"("taiList":[{"plmnId":{"mcc":"001","mnc":"01"},"tac":"000001"}])";
    const auto some =
        nnrf::read_search_result(result_of(amf(R"("fqdn":"a","amfInfo":{)" + list + "},", service)));
    CHECK_OK(some);
    CHECK_EQ(some->amfs[0].tais.size(), 1U);
    CHECK_EQ(some->amfs[0].instance, "a1");
    CHECK(some->valid == 30s);
    const auto ranges = nnrf::read_search_result(
        result_of(amf(R"("fqdn":"a","amfInfo":{)" + list + R"(,"taiRangeList":[{}]},)", service)));
    CHECK_OK(ranges);
    CHECK(ranges->amfs[0].tais.empty());
}

void results_that_are_wrong_are_refused() {
    CHECK(!nnrf::read_search_result("{}"));
    CHECK(!nnrf::read_search_result(R"({"nfInstances":[{}]})"));
    CHECK(!nnrf::read_search_result("<html>"));
}

void a_token_is_read_with_its_time() {
    const auto token =
        nnrf::read_token(R"({"access_token":"a.b.c","token_type":"Bearer","expires_in":3600})");
    CHECK_OK(token);
    CHECK_EQ(token->value, "a.b.c");
    CHECK(token->valid == 1h);
    CHECK(nnrf::read_token(R"({"access_token":"a","token_type":"Bearer"})")->valid == 60s);
    CHECK(!nnrf::read_token(R"({"token_type":"Bearer"})"));
    CHECK(!nnrf::read_token(R"({"access_token":"a\r\nx: y","token_type":"Bearer"})"));
    CHECK(!nnrf::read_token(R"({"access_token":"a","token_type":"Bearer","expires_in":-1})"));
}

void form_values_are_percent_encoded() { CHECK_EQ(nnrf::form_value("a b:c~é"), "a%20b%3Ac~%C3%A9"); }

}  // namespace

GROUP(nnrf_json, CASE(the_endpoint_of_the_service_comes_first_then_its_name_then_the_profiles),
      CASE(services_may_stand_in_a_map), CASE(who_offers_nothing_for_us_is_passed_over),
      CASE(the_areas_are_told_when_they_are_a_list), CASE(results_that_are_wrong_are_refused),
      CASE(a_token_is_read_with_its_time), CASE(form_values_are_percent_encoded))
