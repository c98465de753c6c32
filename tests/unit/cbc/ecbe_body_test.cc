// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/ecbe_body.h"

#include <nlohmann/json.hpp>

#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using Json = nlohmann::json;

const base::Instant kNow = base::FakeClock{}.now();

Json decoded(const char* charset, const char* data) {
    return {{"payload_decoded", {{"character_set", charset}, {"data_utf8", data}}}};
}

Json etws() { return {{"payload_etws", {{"warning_type", {{"warning_type_decoded", "tsunami"}}}}}}; }

Json body_of(Json payload, unsigned identifier = 42) {
    return {{"cbe_name", "tool"},
            {"repetition_period", 5},
            {"scope", {{"scope_plmn", Json::object()}}},
            {"smscb_message",
             {{"message_id", identifier},
              {"serial_nr", {{"serial_nr_encoded", 0x4010}}},
              {"payload", std::move(payload)}}}};
}

EcbeMessage read(const Json& body) {
    auto message = read_ecbe_message(body.dump());
    CHECK_OK(message);
    return std::move(*message);
}

void refused_at(const Json& body, const std::string& pointer) {
    const auto message = read_ecbe_message(body.dump());
    CHECK(!message);
    CHECK(message.error().text.find(pointer) != std::string::npos);
}

void what_is_absent_has_the_value_that_clients_expect() {
    const auto message = read(body_of(decoded("gsm", "Mahlzeit!")));
    CHECK(message.category == Category::kNormal && message.broadcasts == 0 && !message.lasts);
    CHECK(message.message.coded->coding == cbs::kCodingGsm7);
    CHECK_EQ(message.message.text, std::string("Mahlzeit!"));
    const Content content = content_of(message, kNow);
    CHECK(std::holds_alternative<AllCells>(content.area) && content.mode == Mode::kLive);
    CHECK(content.schedule.slots == 5 && content.schedule.repetition_period == 5s);
    CHECK(!content.schedule.number_of_broadcasts);
    CHECK(content.schedule.end - content.schedule.start == 7 * 24h);
}

void a_number_of_broadcasts_has_the_time_that_it_takes() {
    Json body = body_of(decoded("gsm", "Hi"));
    body["num_of_bcast"] = 100;
    const Schedule schedule = content_of(read(body), kNow).schedule;
    CHECK(schedule.number_of_broadcasts == 100);
    CHECK(schedule.end - schedule.start == 942s + 60s);  // 100 * 5 * 1.883 s
    body["warning_period_sec"] = 30;
    const Schedule shorter = content_of(read(body), kNow).schedule;
    CHECK(shorter.end - shorter.start == 30s);
}

void a_serial_number_may_be_said_in_parts() {
    Json body = body_of(decoded("gsm", "Hi"));
    body["smscb_message"]["serial_nr"] = {
        {"serial_nr_decoded", {{"geo_scope", "cell_wide"}, {"msg_code", 768}, {"update_nr", 3}}}};
    CHECK_EQ(read(body).serial.value(), uint16_t{0xf003});
    body["smscb_message"]["serial_nr"]["serial_nr_encoded"] = 1;
    refused_at(body, "/smscb_message/serial_nr");
    body["smscb_message"]["serial_nr"] = {
        {"serial_nr_decoded", {{"geo_scope", "cell_wide"}, {"msg_code", 1024}, {"update_nr", 16}}}};
    refused_at(body, "/smscb_message/serial_nr/serial_nr_decoded/msg_code");
}

unsigned coding_of(const char* charset, const char* data, const Json& more) {
    Json payload = decoded(charset, data);
    payload["payload_decoded"].update(more);
    return read(body_of(payload)).message.coded->coding.value();
}

void codings_are_those_of_language_and_class() {
    CHECK_EQ(coding_of("gsm", "Hi", {{"language", "de"}, {"dcs_class", 1}}), 0x00U);
    CHECK_EQ(coding_of("gsm", "Hi", {{"dcs_class", 1}}), 0xf1U);
    CHECK_EQ(coding_of("8bit", "00ff", Json::object()), 0xf4U);
    CHECK_EQ(coding_of("ucs2", "Hi", Json::object()), 0x48U);
    CHECK_EQ(coding_of("ucs2", "Hi", {{"dcs_class", 2}}), 0x5aU);
    refused_at(body_of(decoded("gsm", "\xD0\x96")), "data_utf8");
    refused_at(body_of(decoded("8bit", "no hex")), "data_utf8");
}

void pages_keep_their_octets_and_are_padded_with_cr() {
    Json payload = {{"payload_encoded", {{"dcs", 1}, {"pages", {"d4f29c0e"}}}}};
    const auto message = read(body_of(payload)).message;
    const cbs::Page& page = message.coded->pages.at(0);
    CHECK_EQ(unsigned{page.used}, 4U);
    CHECK_EQ(page.content.at(3), 0x0e);
    CHECK_EQ(page.content.at(5), page.content.at(5 + 7));  // eight CR take seven octets
    CHECK_EQ(message.text, std::string("Test"));
    payload["payload_encoded"] = {{"dcs", 0x48}, {"pages", {"00480069"}}};
    CHECK_EQ(base::to_hex(read(body_of(payload)).message.coded->pages.at(0).content).substr(0, 12),
             std::string("00480069000d"));
    payload["payload_encoded"]["pages"] = Json::array();
    refused_at(body_of(payload), "pages");
    payload["payload_encoded"]["pages"] = {std::string(166, '0')};
    refused_at(body_of(payload), "pages");
}

void etws_has_its_own_type_flags_and_security() {
    Json payload = etws();
    payload["payload_etws"]["popup_on_display"] = true;
    payload["payload_etws"]["warning_sec_info"] = std::string(100, 'a');
    const auto read_back = read(body_of(payload, 4353));
    CHECK((read_back.message.warning_type == cbs::WarningType{cbs::kWarningTsunami, false, true}));
    CHECK_EQ(read_back.message.security->at(49), 0xaa);
    CHECK(!read_back.message.coded && read_back.message.text.empty());
    const Schedule schedule = content_of(read_back, kNow).schedule;
    CHECK(schedule.end - schedule.start == 1h);
    payload["payload_etws"]["warning_sec_info"] = "00";
    refused_at(body_of(payload, 4353), "warning_sec_info");
    refused_at(body_of(etws(), 42), "4352 to 4359");
}

void what_is_mandatory_is_missed_by_name() {
    for (const char* name : {"cbe_name", "repetition_period", "scope", "smscb_message"}) {
        Json body = body_of(decoded("gsm", "Hi"));
        body.erase(name);
        refused_at(body, std::string("/") + name);
    }
    Json two = decoded("gsm", "Hi");
    two.update(etws());
    refused_at(body_of(two), "exactly one");
    refused_at(Json::array(), "must be an object");
}

void once_goes_without_a_period() {
    Json body = body_of(decoded("gsm", "Hi"));
    body["repetition_period"] = 0;
    refused_at(body, "/repetition_period");
    body["num_of_bcast"] = 1;
    CHECK_EQ(read(body).period, 0);
}

}  // namespace

GROUP(ecbe_body, CASE(what_is_absent_has_the_value_that_clients_expect),
      CASE(a_number_of_broadcasts_has_the_time_that_it_takes), CASE(a_serial_number_may_be_said_in_parts),
      CASE(codings_are_those_of_language_and_class), CASE(pages_keep_their_octets_and_are_padded_with_cr),
      CASE(etws_has_its_own_type_flags_and_security), CASE(what_is_mandatory_is_missed_by_name),
      CASE(once_goes_without_a_period))
