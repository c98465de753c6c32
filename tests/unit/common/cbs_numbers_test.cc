// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>
#include <string>

#include "common/cbs/data_coding.h"
#include "common/cbs/message_identifier.h"
#include "common/cbs/page.h"
#include "common/cbs/serial_number.h"
#include "common/cbs/warning_type.h"
#include "tests/support/test.h"

namespace {

using cbs::GeographicalScope;
using cbs::MessageIdentifier;
using cbs::SerialNumber;

void a_serial_number_is_scope_code_and_update() {
    CHECK_EQ(cbs::serial_number(cbs::SerialParts{GeographicalScope::kPlmn, 0, 0})->value(), 0x4000U);
    CHECK_EQ(cbs::serial_number(cbs::SerialParts{GeographicalScope::kCell, 1023, 15})->value(), 0xffffU);
    for (unsigned value = 0; value <= 0xffff; ++value) {
        const SerialNumber serial{static_cast<uint16_t>(value)};
        CHECK_EQ(cbs::serial_number(cbs::parts_of(serial))->value(), value);
        CHECK_EQ(cbs::serial_number(cbs::etws_parts_of(serial))->value(), value);
    }
}

void a_part_that_does_not_fit_is_refused() {
    CHECK_EQ(cbs::serial_number(cbs::SerialParts{.message_code = 1024}).error().text,
             "message code 1024 does not fit: it is 0 to 1023");
    CHECK(!cbs::serial_number(cbs::EtwsSerialParts{.message_code = 256}));
    CHECK(!cbs::serial_number(cbs::SerialParts{.update_number = 16}));
}

void etws_flags_stand_above_the_code() {
    const cbs::EtwsSerialParts parts{GeographicalScope::kPlmn, true, true, 0, 0};
    CHECK_EQ(cbs::serial_number(parts)->value(), 0x7000U);
}

void an_update_keeps_the_code_and_ends_at_15() {
    CHECK(cbs::next_update(SerialNumber{0x4120}) == SerialNumber{0x4121});
    CHECK(!cbs::next_update(SerialNumber{0x412f}));
}

void an_update_up_to_eight_behind_is_older() {
    CHECK(cbs::is_older_update(SerialNumber{0x4000}, SerialNumber{0x4001}));
    CHECK(cbs::is_older_update(SerialNumber{0x4000}, SerialNumber{0x4008}));
    CHECK(!cbs::is_older_update(SerialNumber{0x4000}, SerialNumber{0x4009}));
    CHECK(!cbs::is_older_update(SerialNumber{0x4003}, SerialNumber{0x4003}));
    CHECK(cbs::is_older_update(SerialNumber{0x400e}, SerialNumber{0x4002}));
}

struct MeaningRow {
    uint16_t identifier;
    const char* meaning;
};

void every_identifier_has_its_true_meaning() {
    constexpr std::array kRows{
        MeaningRow{0, "allocated by the GSM Association"},
        MeaningRow{4352, "ETWS earthquake warning"},
        MeaningRow{4353, "ETWS tsunami warning"},
        MeaningRow{4355, "ETWS test"},
        MeaningRow{4370, "CMAS presidential alert, EU-Alert level 1"},
        MeaningRow{4379, "CMAS child abduction emergency (AMBER)"},
        MeaningRow{4380, "CMAS required monthly test"},
        MeaningRow{4381, "CMAS exercise"},
        MeaningRow{4382, "CMAS operator defined use"},
        MeaningRow{4383, "CMAS presidential alert, EU-Alert level 1, additional languages"},
        MeaningRow{4398, "state or local test"},
        MeaningRow{4400, "geo-fencing trigger"},
        MeaningRow{6400, "EU-Info, local language"},
        MeaningRow{65535, "reserved for further standard use"},
    };
    for (const MeaningRow& row : kRows)
        CHECK_EQ(cbs::meaning(MessageIdentifier{row.identifier}), row.meaning);
    for (unsigned id = 0; id <= 0xffff; ++id)
        CHECK(!cbs::meaning(MessageIdentifier{static_cast<uint16_t>(id)}).empty());
}

void a_further_language_has_its_own_identifier() {
    for (unsigned id = 4370; id <= 4382; ++id) {
        const MessageIdentifier local{static_cast<uint16_t>(id)};
        const MessageIdentifier additional{static_cast<uint16_t>(id + 13)};
        CHECK(cbs::additional_language(local) == additional);
        CHECK(cbs::local_language(additional) == local);
        CHECK_EQ(std::string(cbs::meaning(local)) + ", additional languages", cbs::meaning(additional));
    }
    CHECK(cbs::additional_language(MessageIdentifier{4396}) == MessageIdentifier{4397});
    CHECK(cbs::additional_language(MessageIdentifier{4398}) == MessageIdentifier{4399});
    for (const unsigned id : {4352U, 4369U, 4383U, 4395U, 4400U, 6400U, 50U})
        CHECK(!cbs::additional_language(MessageIdentifier{static_cast<uint16_t>(id)}));
    CHECK(!cbs::local_language(MessageIdentifier{4370}));
}

void etws_identifiers_name_their_warning_type() {
    CHECK(cbs::warning_value_of(cbs::kEtwsEarthquake) == cbs::kWarningEarthquake);
    CHECK(cbs::warning_value_of(cbs::kEtwsOther) == cbs::kWarningOther);
    CHECK(!cbs::warning_value_of(MessageIdentifier{4357}));
    CHECK(cbs::is_etws(MessageIdentifier{4359}));
    CHECK(!cbs::is_etws(MessageIdentifier{4360}));
    CHECK(!cbs::is_etws(cbs::kCmasPresidential));
}

void warning_types_have_their_bits() {
    CHECK_EQ(cbs::to_wire({cbs::kWarningEarthquake, true, true}), 0x0180U);
    CHECK_EQ(cbs::to_wire({cbs::kWarningTsunami, true, true}), 0x0380U);
    CHECK_EQ(cbs::to_wire({cbs::kWarningTest, false, false}), 0x0600U);
    for (unsigned wire = 0; wire <= 0xffff; ++wire)
        CHECK_EQ(cbs::to_wire(cbs::warning_type_of(static_cast<uint16_t>(wire))), wire & 0xff80U);
}

void a_language_takes_its_coding() {
    CHECK(cbs::gsm7_coding("de") == cbs::DataCoding{0x00});
    CHECK(cbs::gsm7_coding("en-GB") == cbs::DataCoding{0x01});
    CHECK(cbs::gsm7_coding("NB") == cbs::DataCoding{0x0a});
    CHECK(cbs::gsm7_coding("pl") == cbs::DataCoding{0x0e});
    for (const char* language : {"", "cs", "ar", "xx", "englisch"})
        CHECK(cbs::gsm7_coding(language) == cbs::kCodingGsm7);
}

cbs::Page page_of(uint8_t octet, uint8_t used) {
    cbs::Page page;
    page.content.fill(octet);
    page.used = used;
    return page;
}

void cb_data_holds_every_page_in_83_octets() {
    for (size_t count = 1; count <= cbs::kMaxPages; ++count) {
        std::vector<cbs::Page> pages;
        for (size_t i = 0; i < count; ++i)
            pages.push_back(page_of(static_cast<uint8_t>(i), static_cast<uint8_t>(i)));
        const auto wire = cbs::to_cb_data(pages);
        CHECK_EQ(wire.size(), 1 + 83 * count);
        const auto back = cbs::from_cb_data(wire);
        CHECK_OK(back);
        CHECK(*back == pages);
        for (size_t cut = 0; cut < wire.size(); ++cut)
            CHECK(!cbs::from_cb_data(base::ByteView(wire).first(cut)));
    }
}

void malformed_cb_data_is_refused_with_its_place() {
    auto wire = cbs::to_cb_data(std::array{page_of(1, 82)});
    wire.push_back(0);
    CHECK(cbs::from_cb_data(wire).error().kind == base::DecodeError::Kind::kTrailing);
    wire.pop_back();
    wire[83] = 83;
    const auto too_long = cbs::from_cb_data(wire);
    CHECK(!too_long);
    CHECK_EQ(too_long.error().offset, 83U);
    for (const uint8_t count : {uint8_t{0}, uint8_t{16}, uint8_t{255}}) {
        wire[0] = count;
        CHECK(!cbs::from_cb_data(wire));
    }
}

}  // namespace

GROUP(cbs_numbers, CASE(a_serial_number_is_scope_code_and_update), CASE(a_part_that_does_not_fit_is_refused),
      CASE(etws_flags_stand_above_the_code), CASE(an_update_keeps_the_code_and_ends_at_15),
      CASE(an_update_up_to_eight_behind_is_older), CASE(every_identifier_has_its_true_meaning),
      CASE(a_further_language_has_its_own_identifier), CASE(etws_identifiers_name_their_warning_type),
      CASE(warning_types_have_their_bits), CASE(a_language_takes_its_coding),
      CASE(cb_data_holds_every_page_in_83_octets), CASE(malformed_cb_data_is_refused_with_its_place))
