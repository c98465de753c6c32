// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sabp_requests.h"

#include <algorithm>
#include <iterator>

#include "cbc/domain/message_content.h"

namespace cbc {
namespace {

using Areas = base::Result<sabp::ServiceAreas>;

Place place_of(const sabp::ServiceArea& area) {
    return Place::service_area(area.plmn, Lac{area.lac}, area.sac);
}

Areas areas_of(const PeerArea& area, const sabp::ServiceAreas& everything) {
    sabp::ServiceAreas areas;
    if (const auto* places = std::get_if<PlaceSet>(&area)) {
        for (const Place& place : *places) {
            if (const auto one = service_area_of(place)) areas.push_back(*one);
            if (place.kind != PlaceKind::kArea) continue;
            std::ranges::copy_if(everything, std::back_inserter(areas), [&](const sabp::ServiceArea& one) {
                return one.plmn == place.plmn && one.lac == place.area;
            });
        }
    } else {
        areas = everything;
    }
    if (areas.empty()) return base::invalid("no service area of the RNC is known");
    return areas;
}

sabp::Category category_of(Category category) {
    switch (category) {
        case Category::kNormal:
            return sabp::Category::kNormal;
        case Category::kHigh:
            return sabp::Category::kHighPriority;
        case Category::kBackground:
            return sabp::Category::kBackground;
    }
    return sabp::Category::kNormal;
}

// ETWS: phones are paged and told the type at once; the text follows as any other. TS 25.419 §8.2.2.
void add_etws(sabp::WriteReplace& write, const WriteRequest& request) {
    const Message& message = request.message;
    if (!cbs::is_etws(message.identifier)) return;
    write.paging = true;
    write.warning_type = etws_type_of(message, request.serial);
    if (message.security) write.security.assign(message.security->begin(), message.security->end());
}

// SABP cannot leave the text out. Of a primary notification alone there is one empty page, and the RNC is
// told not to look at it (Broadcast-Message-Content-Validity-Indicator, TS 25.419 §9.1.3).
base::Result<void> add_text(sabp::WriteReplace& write, const Message& message) {
    const auto text = pages_of(message);
    if (!text) return text.error();
    write.content_not_valid = !*text;
    write.coding = *text ? (*text)->coding : cbs::kCodingGsm7;
    write.content = cbs::to_cb_data(*text ? (*text)->pages : std::vector<cbs::Page>(1));
    return {};
}

base::Result<sabp::Message> to_message(const WriteRequest& request, sabp::ServiceAreas areas) {
    const auto period =
        std::clamp<std::chrono::seconds>(request.schedule.repetition_period, std::chrono::seconds{1},
                                         std::chrono::seconds{sabp::kRepetitionPeriodMax});
    sabp::WriteReplace write;
    write.message_identifier = request.message.identifier;
    write.new_serial = request.serial;
    write.old_serial = request.replaces;
    write.areas = std::move(areas);
    write.category = category_of(request.schedule.category);
    write.repetition_period = static_cast<uint16_t>(period.count());
    // More than it can say: until it is killed.
    write.number_of_broadcasts = broadcasts_within(request.schedule, request.at, period).value_or(0);
    if (auto added = add_text(write, request.message); !added) return added.error();
    add_etws(write, request);
    return sabp::Message{std::move(write)};
}
base::Result<sabp::Message> to_message(const KillRequest& request, sabp::ServiceAreas areas) {
    return sabp::Message{sabp::Kill{request.identifier, request.serial, std::move(areas)}};
}
base::Result<sabp::Message> to_message(const StatusRequest& request, sabp::ServiceAreas areas) {
    return sabp::Message{sabp::MessageStatusQuery{request.identifier, request.serial, std::move(areas)}};
}

enum class Counts { kOfThisMessage, kOfTheOneThatWent };

PeerAnswer answer_from(AnswerKind kind, const sabp::BroadcastAnswer& answer, Counts counts) {
    PeerAnswer out{.kind = kind, .done = {}, .failed = failures_in(answer.failed), .counts = {}};
    // Complete: in all areas that were asked, whether it names each or not.
    if (kind == AnswerKind::kComplete) out.done.emplace_back();
    for (const sabp::Completed& one : answer.completed) {
        const auto pattern = exactly(place_of(one.area));
        const bool known = one.note != sabp::CountNote::kUnknown;
        if (counts == Counts::kOfThisMessage)
            out.counts.push_back({pattern, known ? std::optional(one.broadcasts) : std::nullopt});
        else
            out.done.push_back(pattern);
    }
    return out;
}

template <class M>
constexpr Procedure procedure_of() {
    using namespace sabp;
    if (std::is_same_v<M, WriteReplaceComplete> || std::is_same_v<M, WriteReplaceFailure>)
        return cbc::Procedure::kWriteReplace;
    if (std::is_same_v<M, KillComplete> || std::is_same_v<M, KillFailure>) return cbc::Procedure::kKill;
    return cbc::Procedure::kStatusQuery;
}

}  // namespace

std::optional<sabp::ServiceArea> service_area_of(const Place& place) {
    if (place.technology != Technology::kUmts || place.kind != PlaceKind::kCell) return std::nullopt;
    return sabp::ServiceArea{place.plmn, static_cast<uint16_t>(place.area),
                             static_cast<uint16_t>(place.cell)};
}

base::Result<sabp::Message> to_sabp(const PeerRequest& request, const sabp::ServiceAreas& everything) {
    return std::visit(
        [&](const auto& one) -> base::Result<sabp::Message> {
            auto areas = areas_of(one.area, everything);
            if (!areas) return areas.error();
            return to_message(one, std::move(*areas));
        },
        request);
}

// Counts that a replace brings are those of the message that went.
std::optional<PeerAnswer> answer_in(const sabp::Message& message) {
    if (const auto* a = std::get_if<sabp::WriteReplaceComplete>(&message))
        return answer_from(AnswerKind::kComplete, *a, Counts::kOfTheOneThatWent);
    if (const auto* a = std::get_if<sabp::WriteReplaceFailure>(&message))
        return answer_from(AnswerKind::kFailure, *a, Counts::kOfTheOneThatWent);
    if (const auto* a = std::get_if<sabp::KillComplete>(&message))
        return answer_from(AnswerKind::kComplete, *a, Counts::kOfThisMessage);
    if (const auto* a = std::get_if<sabp::KillFailure>(&message))
        return answer_from(AnswerKind::kFailure, *a, Counts::kOfThisMessage);
    if (const auto* a = std::get_if<sabp::MessageStatusQueryComplete>(&message))
        return answer_from(AnswerKind::kComplete, *a, Counts::kOfThisMessage);
    if (const auto* a = std::get_if<sabp::MessageStatusQueryFailure>(&message))
        return answer_from(AnswerKind::kFailure, *a, Counts::kOfThisMessage);
    return std::nullopt;
}

std::optional<SabpReference> reference_in(const sabp::Message& message) {
    return std::visit(
        [](const auto& one) -> std::optional<SabpReference> {
            using M = std::decay_t<decltype(one)>;
            if constexpr (std::is_base_of_v<sabp::BroadcastAnswer, M>)
                return SabpReference{procedure_of<M>(), {one.message_identifier, one.serial}};
            else
                return std::nullopt;
        },
        message);
}

std::vector<PlacePattern> patterns_in(const sabp::ServiceAreas& areas) {
    std::vector<PlacePattern> patterns;
    for (const auto& area : areas) patterns.push_back(exactly(place_of(area)));
    return patterns;
}

std::vector<CellFailure> failures_in(const std::vector<sabp::Failed>& failed) {
    std::vector<CellFailure> failures;
    for (const auto& one : failed)
        failures.push_back({exactly(place_of(one.area)), sabp_cause(static_cast<uint16_t>(one.cause))});
    return failures;
}

}  // namespace cbc
