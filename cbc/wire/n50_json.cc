// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/wire/n50_json.h"

#include <nlohmann/json.hpp>

#include "cbc/wire/n50_common.h"
#include "common/json/object.h"
#include "common/json/parse.h"

namespace cbc::n50 {
namespace {

constexpr json::Limits kLimits{.depth = 16, .values = 200'000};
constexpr json::StringRule kText{.max = 1024};
constexpr json::IntegerRule k16Bits{.min = 0, .max = UINT16_MAX};
constexpr InformationClass kClasses[] = {InformationClass::kPws, InformationClass::kBroadcastAreas,
                                         InformationClass::kRestartsAndFailures};

std::optional<uint16_t> optional_16_bits(json::Object& object, std::string_view member) {
    const auto value = object.optional_integer(member, k16Bits);
    return value ? std::optional(static_cast<uint16_t>(*value)) : std::nullopt;
}

// Parses, reads the members by `read`, and answers all that was wrong at once.
template <class T, class Read>
base::Result<T> read_body(std::string_view body, Read&& read) {
    const auto parsed = json::parse(body, kLimits);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object object(*parsed, problems);
    T out = read(object);
    if (!problems.empty()) return problems.error();
    return out;
}

void read_container(json::Object& container, Notification& out) {
    const std::string word = container.string("n2InformationClass", {.max = 64});
    for (const InformationClass one : kClasses) {
        if (word == to_string(one)) out.information = one;
    }
    auto pws = container.optional_object("pwsInfo");
    if (!pws) return;
    out.message_identifier = optional_16_bits(*pws, "messageIdentifier");
    out.serial = optional_16_bits(*pws, "serialNumber");
    out.empty_areas = read_nodes(*pws, "bcEmptyAreaList");
    auto content = pws->optional_object("pwsContainer");
    auto data = content ? content->optional_object("ngapData") : std::nullopt;
    if (data) out.content_id = data->string("contentId", {.max = 256});
}

}  // namespace

std::string_view to_string(InformationClass information) {
    switch (information) {
        case InformationClass::kPws:
            return "PWS";
        case InformationClass::kBroadcastAreas:
            return "PWS-BCAL";
        case InformationClass::kRestartsAndFailures:
            return "PWS-RF";
    }
    return "";
}

std::string_view to_string(Rat rat) { return rat == Rat::kNr ? "NR" : "E-UTRA"; }

std::string encode(const TransferRequest& request) {
    nlohmann::json pws = {
        {"messageIdentifier", request.message_identifier.value()},
        {"serialNumber", request.serial.value()},
        {"pwsContainer",
         {{"ngapMessageType", request.ngap_procedure}, {"ngapData", {{"contentId", request.content_id}}}}},
        {"sendRanResponse", request.send_ran_response},
    };
    if (!request.omc_id.empty()) pws["omcId"] = request.omc_id;
    if (!request.nf_id.empty()) pws["nfId"] = request.nf_id;
    nlohmann::json body = {
        {"n2Information", {{"n2InformationClass", to_string(InformationClass::kPws)}, {"pwsInfo", pws}}}};
    if (request.rat) body["ratSelector"] = to_string(*request.rat);
    for (const Tai5gs& tai : request.tais) body["taiList"].push_back(to_json(tai));
    for (const RanNode& node : request.nodes) body["globalRanNodeList"].push_back(to_json(node));
    return json::dump(body);
}

std::string encode(const Subscription& subscription) {
    nlohmann::json body = {{"n2InformationClass", to_string(subscription.information)},
                           {"n2NotifyCallbackUri", subscription.callback}};
    if (!subscription.correlation.empty()) body["notifCorrelationId"] = subscription.correlation;
    if (!subscription.nf_id.empty()) body["nfId"] = subscription.nf_id;
    return json::dump(body);
}

base::Result<TransferAnswer> read_transfer_answer(std::string_view body) {
    return read_body<TransferAnswer>(body, [](json::Object& object) {
        TransferAnswer out;
        object.string("result", {.max = 64});
        if (auto pws = object.optional_object("pwsRspData")) {
            out.unknown_tais = read_tais(*pws, "unknownTaiList");
            out.subscription_missing = pws->optional_boolean("n2PwsSubMissInd").value_or(false);
        }
        return out;
    });
}

base::Result<std::string> read_subscribed(std::string_view body) {
    return read_body<std::string>(
        body, [](json::Object& object) { return object.string("n2NotifySubscriptionId", {.max = 256}); });
}

base::Result<Notification> read_notification(std::string_view body) {
    return read_body<Notification>(body, [](json::Object& object) {
        Notification out;
        out.subscription = object.string("n2NotifySubscriptionId", {.max = 256});
        out.correlation = object.optional_string("notifCorrelationId", kText).value_or("");
        if (auto container = object.optional_object("n2InfoContainer")) read_container(*container, out);
        return out;
    });
}

Refusal read_refusal(std::string_view body) {
    Refusal out;
    const auto parsed = json::parse(body, kLimits);
    if (!parsed) return out;
    json::Problems ignored;
    json::Object object(*parsed, ignored);
    auto error = object.optional_object("error");
    json::Object& problem = error ? *error : object;
    out.cause = problem.optional_string("cause", kText).value_or("");
    out.detail = problem.optional_string("detail", kText).value_or("");
    if (out.detail.empty()) out.detail = problem.optional_string("title", kText).value_or("");
    auto pws = object.optional_object("pwsErrorInfo");
    const auto cause = pws ? pws->optional_integer("namfCause", {}) : std::nullopt;
    if (cause && *cause <= UINT16_MAX) out.namf_cause = static_cast<uint16_t>(*cause);
    return out;
}

}  // namespace cbc::n50
