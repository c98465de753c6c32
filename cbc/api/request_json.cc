// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/request_json.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "cbc/api/area_body.h"
#include "common/json/jcs.h"
#include "common/json/object.h"
#include "common/json/parse.h"

namespace cbc {
namespace {

using nlohmann::json;

constexpr size_t kMessagesMax = 16;
constexpr size_t kDecisionsMax = 8;

base::Instant read_time(::json::Object& in, std::string_view name) {
    const std::string text = in.string(name, {.max = 40});
    if (text.empty()) return {};
    const auto time = base::parse_rfc3339(text);
    if (!time) in.wrong(name, "must be a time as 2026-11-21T10:00:00Z (RFC 3339)");
    return time ? *time : base::Instant{};
}

Digest read_digest(::json::Object& in) {
    const std::string text = in.string("digest", {.max = 64});
    const bool good = text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!text.empty() && !good) in.wrong("digest", "must be 64 lower-case hexadecimal digits");
    return Digest{text};
}

AlertId read_alert_id(::json::Object& in) {
    const std::string text = in.string("alert_id", {.max = 36});
    if (text.empty()) return {};
    const auto uuid = base::Uuid::parse(text);
    if (!uuid) in.wrong("alert_id", "must be a UUID");
    return uuid ? AlertId{*uuid} : AlertId{};
}

std::vector<Decision> read_decisions(::json::Object& in) {
    std::vector<Decision> decisions;
    in.objects("decisions", {.max = kDecisionsMax, .min = 1}, [&](::json::Object& one) {
        static constexpr std::array kActions{DecisionAction::kSubmit, DecisionAction::kApprove,
                                             DecisionAction::kShrink, DecisionAction::kStop};
        Decision decision{};
        decision.action = kActions[one.one_of("action", {"submit", "approve", "shrink", "stop"})];
        decision.user = one.string("user", {.max = 128});
        decision.time = read_time(one, "time");
        decision.totp_step = static_cast<uint64_t>(one.integer("totp_step", {}));
        one.no_others();
        decisions.push_back(std::move(decision));
    });
    return decisions;
}

// Language tags as BCP 47 has them, as far as text coding looks at them.
bool is_language(std::string_view tag) {
    const size_t dash = tag.find('-');
    const std::string_view first = tag.substr(0, dash);
    if (first.size() < 2 || first.size() > 3) return false;
    if (!std::all_of(first.begin(), first.end(), [](char c) { return c >= 'a' && c <= 'z'; })) return false;
    return std::all_of(tag.begin(), tag.end(),
                       [](char c) { return c == '-' || std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

void read_coded(::json::Object in, Message& message) {
    cbs::EncodedText coded{
        cbs::DataCoding{static_cast<uint8_t>(in.integer("data_coding_scheme", {.max = 255}))}, {}};
    in.objects("pages", {.max = cbs::kMaxPages, .min = 1}, [&](::json::Object& one) {
        const auto octets = base::from_hex(one.string("octets", {.max = cbs::kPageOctets * 2}));
        cbs::Page page;
        page.used = static_cast<uint8_t>(one.integer("used", {.max = cbs::kPageOctets}));
        if (!octets || octets->size() != page.content.size())
            return one.wrong("octets", "must be 82 octets in hexadecimal");
        std::copy(octets->begin(), octets->end(), page.content.begin());
        coded.pages.push_back(page);
    });
    if (!coded.pages.empty()) message.coded = std::move(coded);
}

void read_what_only_twins_say(::json::Object& in, Message& message) {
    if (auto coded = in.optional_object("coded")) read_coded(std::move(*coded), message);
    if (const auto type = in.optional_integer("warning_type", {.max = 65535}))
        message.warning_type = cbs::warning_type_of(static_cast<uint16_t>(*type));
}

// A text is needed, but of ETWS, where the primary notification can be all there is, and beside coded pages.
void read_text(::json::Object& in, Message& message) {
    const bool needed = !cbs::is_etws(message.identifier) && !message.coded;
    message.text = in.string("text", {.max = 4096, .min = needed ? size_t{1} : size_t{0}});
    const bool none = message.coded || (!needed && message.text.empty());
    message.language = in.string("language", {.max = 35, .min = none ? size_t{0} : size_t{2}});
    if (!message.language.empty() && !is_language(message.language))
        in.wrong("language", "must be a language tag as \"en\" or \"pt-BR\"");
}

void read_security(::json::Object& in, Message& message) {
    const auto text = in.optional_string("warning_security_information", {.max = 100, .min = 100});
    if (!text || text->empty()) return;
    const auto octets = base::from_hex(*text);
    if (!octets || octets->size() != SecurityInformation{}.size())
        return in.wrong("warning_security_information", "must be 50 octets as 100 hexadecimal digits");
    if (!cbs::is_etws(message.identifier))
        return in.wrong("warning_security_information", "is for ETWS alone, 4352 to 4359");
    std::copy(octets->begin(), octets->end(), message.security.emplace().begin());
}

std::vector<Message> read_messages(::json::Object& in, BodyOf sender) {
    std::vector<Message> messages;
    in.objects("messages", {.max = kMessagesMax, .min = 1}, [&](::json::Object& one) {
        Message message;
        message.identifier = MessageIdentifier{
            static_cast<uint16_t>(one.integer("message_identifier", {.min = 0, .max = 65535}))};
        if (sender == BodyOf::kTwin) read_what_only_twins_say(one, message);
        read_text(one, message);
        read_security(one, message);
        one.no_others();
        messages.push_back(std::move(message));
    });
    return messages;
}

Content read_content(::json::Object in, BodyOf sender) {
    Content content;
    content.mode = in.one_of("mode", {"live", "training"}) == 0 ? Mode::kLive : Mode::kTraining;
    content.serial =
        SerialNumber{static_cast<uint16_t>(in.integer("serial_number", {.min = 0, .max = 65535}))};
    content.messages = read_messages(in, sender);
    ::json::Object area = in.object("area");
    content.area = read_area(area);
    content.schedule.start = read_time(in, "start");
    content.schedule.end = read_time(in, "end");
    content.schedule.repetition_period =
        std::chrono::seconds{in.integer("repetition_period_s", {.min = 0, .max = 86'400})};
    if (const auto number = in.optional_integer("number_of_broadcasts", {.min = 1, .max = 65535}))
        content.schedule.number_of_broadcasts = static_cast<uint16_t>(*number);
    if (sender == BodyOf::kTwin)
        if (const auto slots = in.optional_integer("repetition_period_slots", {.min = 1, .max = 4095}))
            content.schedule.slots = static_cast<uint16_t>(*slots);
    static constexpr std::array kCategories{Category::kNormal, Category::kHigh, Category::kBackground};
    content.schedule.category = kCategories[in.one_of("category", {"normal", "high", "background"})];
    in.no_others();
    return content;
}

base::Result<json, BadBody> parse_body(std::string_view body) {
    auto parsed = ::json::parse(body);
    if (!parsed) return BadBody{BodyFault::kNotJson, parsed.error().text};
    return std::move(*parsed);
}

}  // namespace

base::Result<SendRequest, BadBody> read_send_request(std::string_view body, BodyOf sender) {
    const auto parsed = parse_body(body);
    if (!parsed) return parsed.error();
    ::json::Problems problems;
    ::json::Object in(*parsed, problems);
    SendRequest request;
    request.id = read_alert_id(in);
    request.revision = Revision{static_cast<uint16_t>(in.integer("revision", {.min = 1, .max = 65535}))};
    request.content = read_content(in.object("content"), sender);
    request.digest = read_digest(in);
    request.decisions = read_decisions(in);
    in.no_others();
    if (!problems.empty()) return BadBody{BodyFault::kWrongShape, problems.text()};
    const auto recomputed = ::json::digest(parsed->at("content"));
    if (!recomputed) return BadBody{BodyFault::kWrongShape, recomputed.error().text};
    request.recomputed = Digest{*recomputed};
    return request;
}

base::Result<StopRequest, BadBody> read_stop_request(AlertId alert, std::string_view body) {
    const auto parsed = parse_body(body);
    if (!parsed) return parsed.error();
    ::json::Problems problems;
    ::json::Object in(*parsed, problems);
    StopRequest request;
    request.id = alert;
    request.seen = read_digest(in);
    request.decisions = read_decisions(in);
    in.no_others();
    if (!problems.empty()) return BadBody{BodyFault::kWrongShape, problems.text()};
    return request;
}

}  // namespace cbc
