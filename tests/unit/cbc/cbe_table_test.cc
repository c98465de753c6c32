// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cbe_table.h"

#include "tests/support/test.h"

namespace {

using namespace cbc;

constexpr MessageIdentifier kLevel1{4370};
constexpr MessageIdentifier kEarthquake{4352};

Cbe entry(const char* name, NumberRange codes) {
    Cbe cbe;
    cbe.name = CbeName{name};
    cbe.certificate_uri = "farol://capital/cbe/" + std::string(name);
    cbe.codes = codes;
    cbe.identifiers = {{4370, 4372}, {4380, 4380}};
    return cbe;
}

SerialNumber serial_with(uint16_t code) { return SerialNumber{static_cast<uint16_t>(0x4000 | code << 4)}; }

void ranges_are_read_within_their_bound() {
    CHECK_EQ(NumberRange::parse("7", 10)->text(), std::string("7"));
    CHECK_EQ(NumberRange::parse("0-10", 10)->text(), std::string("0-10"));
    for (const char* broken : {"", "-", "1-", "-1", "2-1", "1-11", "a", "1 - 2", "0x1", "99999999999"})
        CHECK(!NumberRange::parse(broken, 10));
}

void a_cbe_is_known_by_its_certificate_alone() {
    const auto table = CbeTable::create({entry("a", {0, 9}), entry("b", {10, 19})});
    CHECK_OK(table);
    CHECK_EQ(table->by_certificate("farol://capital/cbe/b")->name.value(), std::string("b"));
    CHECK(table->by_certificate("farol://capital/cbe/c") == nullptr);
    CHECK(table->by_certificate("b") == nullptr);
}

void two_of_a_name_a_certificate_or_a_code_are_refused() {
    CHECK(!CbeTable::create({entry("a", {0, 9}), entry("a", {10, 19})}));
    Cbe twin = entry("b", {10, 19});
    twin.certificate_uri = entry("a", {}).certificate_uri;
    CHECK(!CbeTable::create({entry("a", {0, 9}), twin}));
    const auto shared = CbeTable::create({entry("a", {0, 10}), entry("b", {10, 19})});
    CHECK(!shared);
    CHECK(shared.error().text.find("0-10 and 10-19 overlap") != std::string::npos);
}

void etws_codes_are_disjoint_too_and_default_to_the_codes_below_256() {
    Cbe a = entry("a", {0, 99});
    Cbe b = entry("b", {100, 400});
    b.etws_codes = NumberRange{50, 60};  // within what a has by default
    CHECK(!CbeTable::create({a, b}));
    a.etws_codes = NumberRange{0, 49};
    CHECK(CbeTable::create({a, b}));
    // Above 255 there is nothing left to collide.
    CHECK(CbeTable::create({entry("c", {256, 300}), entry("d", {301, 400})}));
}

void codes_and_identifiers_are_a_cbes_own() {
    const Cbe cbe = entry("a", {10, 300});
    CHECK(cbe.owns_code(serial_with(10), kLevel1) && cbe.owns_code(serial_with(300), kLevel1));
    CHECK(!cbe.owns_code(serial_with(9), kLevel1) && !cbe.owns_code(serial_with(301), kLevel1));
    CHECK(cbe.may_use(MessageIdentifier{4372}) && cbe.may_use(MessageIdentifier{4380}));
    CHECK(!cbe.may_use(MessageIdentifier{4373}) && !cbe.may_use(MessageIdentifier{4369}));
    CHECK_EQ(cbe.codes_text(kLevel1), std::string("10-300"));
    CHECK_EQ(cbe.codes_text(kEarthquake), std::string("10-255"));
}

void an_etws_code_has_eight_bits() {
    const SerialNumber serial{0x7010};
    CHECK_EQ(message_code(serial, kEarthquake), cbs::etws_parts_of(serial).message_code);
    CHECK_EQ(message_code(serial, kLevel1), uint16_t{0x301});
    CHECK_EQ(message_code(serial, kEarthquake), uint16_t{0x01});
}

}  // namespace

GROUP(cbe_table, CASE(ranges_are_read_within_their_bound), CASE(a_cbe_is_known_by_its_certificate_alone),
      CASE(two_of_a_name_a_certificate_or_a_code_are_refused),
      CASE(etws_codes_are_disjoint_too_and_default_to_the_codes_below_256),
      CASE(codes_and_identifiers_are_a_cbes_own), CASE(an_etws_code_has_eight_bits))
