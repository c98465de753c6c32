// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/ecbe_body.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cbc/domain/admission.h"
#include "cbc/domain/message_content.h"
#include "common/json/object.h"
#include "common/json/parse.h"

namespace cbc {
namespace {

using ::json::Object;

constexpr int64_t kPeriodMax = 4095;
constexpr std::chrono::milliseconds kSlot{1883};  // TS 48.049 §8.2.8
constexpr std::chrono::hours kEmergencyWithoutEnd{1};
constexpr size_t kTextMax = 4096;
constexpr size_t kHexPageMax = cbs::kPageOctets * 2;

// --- numbers that may stand encoded or decoded ---

bool exactly_one(Object& in, std::initializer_list<const char*> names) {
    std::string all;
    size_t there = 0;
    for (const char* name : names) {
        there += in.has(name) ? 1U : 0U;
        all += (all.empty() ? "" : ", ") + std::string(name);
    }
    if (there != 1) in.wrong("", "needs exactly one of " + all);
    return there == 1;
}

SerialNumber read_serial(Object in) {
    if (!exactly_one(in, {"serial_nr_encoded", "serial_nr_decoded"})) return {};
    if (in.has("serial_nr_encoded"))
        return SerialNumber{static_cast<uint16_t>(in.integer("serial_nr_encoded", {.max = 65535}))};
    Object parts = in.object("serial_nr_decoded");
    static constexpr std::array kScopes{cbs::GeographicalScope::kCellImmediate, cbs::GeographicalScope::kPlmn,
                                        cbs::GeographicalScope::kLocationArea, cbs::GeographicalScope::kCell};
    const size_t scope =
        parts.one_of("geo_scope", {"cell_wide_immediate", "plmn_wide", "lac_sac_tac_wide", "cell_wide"});
    const auto code = parts.integer("msg_code", {.max = cbs::kMaxMessageCode});
    const auto update = parts.integer("update_nr", {.max = cbs::kMaxUpdateNumber});
    const auto serial = cbs::serial_number(
        cbs::SerialParts{kScopes.at(scope), static_cast<uint16_t>(code), static_cast<uint8_t>(update)});
    return serial ? *serial : SerialNumber{};
}

uint8_t read_warning_value(Object in) {
    if (!exactly_one(in, {"warning_type_encoded", "warning_type_decoded"})) return 0;
    if (in.has("warning_type_encoded"))
        return static_cast<uint8_t>(in.integer("warning_type_encoded", {.max = 127}));
    // The fourth word is how those clients have always spelt it.
    static constexpr std::array<uint8_t, 6> kValues{
        cbs::kWarningEarthquake,           cbs::kWarningTsunami, cbs::kWarningEarthquakeAndTsunami,
        cbs::kWarningEarthquakeAndTsunami, cbs::kWarningTest,    cbs::kWarningOther};
    return kValues.at(in.one_of("warning_type_decoded", {"earthquake", "tsunami", "earthquake_and_tsunami",
                                                         "earthquake_and_tsuname", "test", "other"}));
}

// --- payloads ---

// What the octets leave free of a page is padding: CR where the coding is text. TS 23.041 §9.4.2.2.4.
cbs::Page padding_of(cbs::DataCoding coding) {
    const auto filled = [](cbs::Encoding encoding) {
        const auto page = cbs::encode("\n", {.language = "", .encoding = encoding});
        cbs::Page padding = page ? page->pages.front() : cbs::Page{};
        // Its one character becomes the padding that follows it.
        if (encoding == cbs::Encoding::kUcs2)
            std::copy_n(padding.content.begin() + 2, 2, padding.content.begin());
        else
            std::copy_n(padding.content.begin() + 7, 7, padding.content.begin());
        return padding;
    };
    const auto alphabet = cbs::alphabet_of(coding);
    if (alphabet == cbs::Alphabet::kGsm7) return filled(cbs::Encoding::kGsm7);
    if (alphabet == cbs::Alphabet::kUcs2) return filled(cbs::Encoding::kUcs2);
    return {};
}

cbs::Page page_of(cbs::DataCoding coding, base::ByteView octets) {
    cbs::Page page = padding_of(coding);
    std::copy(octets.begin(), octets.end(), page.content.begin());
    page.used = static_cast<uint8_t>(octets.size());
    return page;
}

void read_encoded(Object in, Message& out) {
    cbs::EncodedText coded{cbs::DataCoding{static_cast<uint8_t>(in.integer("dcs", {.max = 255}))}, {}};
    const auto pages = in.strings("pages", {.max = cbs::kMaxPages, .min = 1}, {.max = kHexPageMax, .min = 0});
    for (const std::string& hex : pages) {
        const auto octets = base::from_hex(hex);
        if (!octets) return in.wrong("pages", "must be hexadecimal, up to 82 octets each");
        coded.pages.push_back(page_of(coded.coding, *octets));
    }
    if (const auto text = cbs::decode(coded.coding, coded.pages)) out.text = text->text;
    out.coded = std::move(coded);
}

void read_octets(Object& in, const std::string& hex, uint8_t message_class, Message& out) {
    const auto octets = base::from_hex(hex);
    if (!octets || octets->empty() || octets->size() > cbs::kPageOctets * cbs::kMaxPages)
        return in.wrong("data_utf8", "of 8bit must be hexadecimal, 1 to 1230 octets");
    cbs::EncodedText coded{cbs::DataCoding{static_cast<uint8_t>(0xf4U | message_class)}, {}};
    for (size_t at = 0; at < octets->size(); at += cbs::kPageOctets) {
        const size_t size = std::min(cbs::kPageOctets, octets->size() - at);
        coded.pages.push_back(page_of(coded.coding, base::ByteView{*octets}.subspan(at, size)));
    }
    out.coded = std::move(coded);
}

// A language says more than a class, and DCS has no room for both. TS 23.038 §5.
void read_decoded(Object in, Message& out) {
    enum class Charset { kGsm, kEightBit, kUcs2 };
    const auto charset = static_cast<Charset>(in.one_of("character_set", {"gsm", "8bit", "ucs2"}));
    out.language = in.optional_string("language", {.max = 2, .min = 2}).value_or("");
    const auto given = in.optional_integer("dcs_class", {.max = 3});
    const auto message_class = static_cast<uint8_t>(given.value_or(0));
    const std::string data = in.string("data_utf8", {.max = kTextMax});
    if (data.empty()) return;
    if (charset == Charset::kEightBit) return read_octets(in, data, message_class, out);
    const bool gsm = charset == Charset::kGsm;
    auto coded = cbs::encode(
        data, {.language = out.language, .encoding = gsm ? cbs::Encoding::kGsm7 : cbs::Encoding::kUcs2});
    if (!coded) return in.wrong("data_utf8", "cannot be sent: " + coded.error().text);
    if (given && gsm && out.language.empty())
        coded->coding = cbs::DataCoding{static_cast<uint8_t>(0xf0U | message_class)};
    if (given && !gsm) coded->coding = cbs::DataCoding{static_cast<uint8_t>(0x58U | message_class)};
    out.text = data;
    out.coded = std::move(*coded);
}

void read_etws(Object in, Message& out) {
    out.warning_type =
        cbs::WarningType{.value = read_warning_value(in.object("warning_type")),
                         .emergency_user_alert = in.optional_boolean("emergency_user_alert").value_or(false),
                         .popup = in.optional_boolean("popup_on_display").value_or(false)};
    const auto hex = in.optional_string("warning_sec_info", {.max = 100});
    if (!hex) return;
    const auto octets = base::from_hex(*hex);
    if (!octets || octets->size() != SecurityInformation{}.size())
        return in.wrong("warning_sec_info", "must be 50 octets in hexadecimal");
    std::copy(octets->begin(), octets->end(), out.security.emplace().begin());
}

void read_payload(Object in, Message& out) {
    if (!exactly_one(in, {"payload_encoded", "payload_decoded", "payload_etws"})) return;
    if (in.has("payload_encoded")) return read_encoded(in.object("payload_encoded"), out);
    if (in.has("payload_decoded")) return read_decoded(in.object("payload_decoded"), out);
    read_etws(in.object("payload_etws"), out);
    if (!cbs::is_etws(out.identifier)) in.wrong("payload_etws", "needs a message_id of ETWS, 4352 to 4359");
}

// --- the whole ---

void read_times(Object& in, EcbeMessage& out) {
    out.period = static_cast<uint16_t>(in.integer("repetition_period", {.max = kPeriodMax}));
    out.broadcasts = static_cast<uint16_t>(in.optional_integer("num_of_bcast", {.max = 65535}).value_or(0));
    const auto lasts = in.optional_integer("warning_period_sec", {.max = 65535}).value_or(0);
    if (lasts > 0) out.lasts = std::chrono::seconds{lasts};
}

void read_scope(Object in) {
    in.object("scope_plmn");
    in.no_others();
}

}  // namespace

base::Result<EcbeMessage> read_ecbe_message(std::string_view body) {
    const auto parsed = ::json::parse(body);
    if (!parsed) return parsed.error();
    ::json::Problems problems;
    Object in(*parsed, problems);
    EcbeMessage out;
    out.cbe_name = in.string("cbe_name", {.max = 100});
    if (in.has("category")) {
        static constexpr std::array kCategories{Category::kNormal, Category::kHigh, Category::kBackground};
        out.category = kCategories.at(in.one_of("category", {"normal", "high_priority", "background"}));
    }
    read_times(in, out);
    read_scope(in.object("scope"));
    Object smscb = in.object("smscb_message");
    out.message.identifier =
        MessageIdentifier{static_cast<uint16_t>(smscb.integer("message_id", {.max = 65535}))};
    out.serial = read_serial(smscb.object("serial_nr"));
    read_payload(smscb.object("payload"), out.message);
    // TS 29.168 §4.3.4.3.9: without a period nothing can come twice.
    if (out.period == 0 && out.broadcasts != 1 && !is_primary_alone(out.message))
        in.wrong("repetition_period", "of 0 goes with a num_of_bcast of 1 alone");
    if (!problems.empty()) return problems.error();
    return out;
}

Content content_of(const EcbeMessage& message, base::Instant now) {
    using std::chrono::seconds;
    seconds length = is_primary_alone(message.message) ? kEmergencyWithoutEnd : kDurationMax;
    const auto slots = std::max<uint16_t>(message.period, 1);
    // A minute more than they take: the number is what ends it.
    if (message.broadcasts > 0)
        length = std::min<seconds>(
            kDurationMax, std::chrono::ceil<seconds>(kSlot * slots * message.broadcasts) + seconds{60});
    if (message.lasts) length = *message.lasts;
    Content content;
    content.serial = message.serial;
    content.messages = {message.message};
    content.area = AllCells{};
    const auto start = std::chrono::floor<seconds>(now);
    content.schedule = {.start = start,
                        .end = start + length,
                        .repetition_period = seconds{message.period},
                        .number_of_broadcasts = std::nullopt,
                        .category = message.category,
                        .slots = slots};
    if (message.broadcasts > 0) content.schedule.number_of_broadcasts = message.broadcasts;
    return content;
}

}  // namespace cbc
