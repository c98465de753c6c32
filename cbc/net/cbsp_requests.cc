// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/cbsp_requests.h"

#include <algorithm>

#include "cbc/domain/message_content.h"

namespace cbc {
namespace {

template <class... Visitors>
struct Overload : Visitors... {
    using Visitors::operator()...;
};
template <class... Visitors>
Overload(Visitors...) -> Overload<Visitors...>;

constexpr std::chrono::milliseconds kSlot{1883};  // TS 48.049 §8.2.8

Lac lac_of(const Place& place) { return Lac{static_cast<uint16_t>(place.area)}; }
Ci ci_of(const Place& cell) { return Ci{static_cast<uint16_t>(cell.cell)}; }

template <class Reference, class Name>
cbsp::CellList named(const PlaceSet& cells, Name&& name) {
    std::vector<Reference> list;
    list.reserve(cells.size());
    for (const Place& cell : cells) list.push_back(name(cell));
    return list;
}

// All of one kind: a request asks for cells or for areas (Delivery::ask).
cbsp::CellList cell_list(const PeerArea& area, CellForm form) {
    const auto* cells = std::get_if<PlaceSet>(&area);
    if (cells == nullptr) return cbsp::AllCells{};
    if (!cells->empty() && cells->front().kind == PlaceKind::kArea) {
        if (form != CellForm::kCgi) return named<Lac>(*cells, [](const auto& a) { return lac_of(a); });
        return named<cbsp::Lai>(*cells, [](const auto& a) { return cbsp::Lai{a.plmn, lac_of(a)}; });
    }
    switch (form) {
        case CellForm::kCgi:
            break;
        case CellForm::kLacCi:
            return named<cbsp::LacCi>(*cells, [](const auto& c) { return cbsp::LacCi{lac_of(c), ci_of(c)}; });
        case CellForm::kCi:
            return named<Ci>(*cells, [](const auto& c) { return ci_of(c); });
    }
    return named<cbsp::Cgi>(*cells, [](const auto& c) { return cbsp::Cgi{c.plmn, lac_of(c), ci_of(c)}; });
}

cbsp::Category category_of(Category category) {
    switch (category) {
        case Category::kNormal:
            return cbsp::Category::kNormal;
        case Category::kHigh:
            return cbsp::Category::kHighPriority;
        case Category::kBackground:
            return cbsp::Category::kBackground;
    }
    return cbsp::Category::kNormal;
}

std::optional<cbsp::ChannelIndicator> channel_of(MessageIdentifier identifier, const CbspManner& manner) {
    if (cbs::is_etws(identifier)) return std::nullopt;  // its absence is what makes it an emergency message
    return manner.channel;
}

cbsp::RepetitionPeriod period_of(const Schedule& schedule) {
    return schedule.slots ? cbsp::RepetitionPeriod{*schedule.slots}
                          : cbsp::repetition_period_for(schedule.repetition_period);
}

cbsp::EmergencyContent emergency_content(const WriteRequest& request) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(request.schedule.end - request.at);
    const auto period = cbsp::Period::at_least(
        std::clamp<std::chrono::seconds>(left, std::chrono::seconds{1}, cbsp::Period::kMax));
    cbsp::EmergencyContent content;
    content.warning_type = etws_type_of(request.message, request.serial);
    // Its place cannot be left out; zeros are "none".
    content.security = request.message.security.value_or(SecurityInformation{});
    if (period) content.warning_period = *period;
    return content;
}

base::Result<cbsp::Message> to_message(const WriteRequest& request, const CbspManner& manner) {
    cbsp::WriteReplace write{.message_identifier = request.message.identifier,
                             .new_serial = request.serial,
                             .old_serial = request.replaces,
                             .cells = cell_list(request.area, manner.cells),
                             .content = {}};
    if (cbs::is_etws(request.message.identifier)) {
        write.content = emergency_content(request);
        return cbsp::Message{std::move(write)};
    }
    auto text = pages_of(request.message);
    if (!text) return text.error();
    if (!*text) return base::invalid("a message without text");
    write.content =
        cbsp::BroadcastContent{.channel = manner.channel,
                               .category = category_of(request.schedule.category),
                               .repetition_period = period_of(request.schedule),
                               .number_of_broadcasts = broadcasts_for(request.schedule, request.at),
                               .coding = (*text)->coding,
                               .pages = std::move((*text)->pages)};
    return cbsp::Message{std::move(write)};
}

base::Result<cbsp::Message> to_message(const KillRequest& request, const CbspManner& manner) {
    return cbsp::Message{cbsp::Kill{request.identifier, request.serial, cell_list(request.area, manner.cells),
                                    channel_of(request.identifier, manner)}};
}

base::Result<cbsp::Message> to_message(const StatusRequest& request, const CbspManner& manner) {
    return cbsp::Message{cbsp::MessageStatusQuery{request.identifier, request.serial,
                                                  cell_list(request.area, manner.cells), manner.channel}};
}

PlacePattern gsm_cell(std::optional<PlmnId> plmn, std::optional<Lac> lac, Ci ci) {
    PlacePattern pattern{.technology = Technology::kGsm, .plmn = plmn, .cell = ci.value()};
    if (lac) pattern.area = lac->value();
    return pattern;
}
PlacePattern gsm_area(std::optional<PlmnId> plmn, Lac lac) {
    return {.technology = Technology::kGsm, .kind = PlaceKind::kArea, .plmn = plmn, .area = lac.value()};
}

PlacePattern pattern_of(const cbsp::CellReference& cell) {
    return std::visit(Overload{
                          [](const cbsp::Cgi& c) { return gsm_cell(c.plmn, c.lac, c.ci); },
                          [](const cbsp::LacCi& c) { return gsm_cell(std::nullopt, c.lac, c.ci); },
                          [](const Ci& ci) { return gsm_cell(std::nullopt, std::nullopt, ci); },
                          [](const cbsp::Lai& lai) { return gsm_area(lai.plmn, lai.lac); },
                          [](const Lac& lac) { return gsm_area(std::nullopt, lac); },
                          [](const cbsp::AllCells&) { return PlacePattern{}; },
                      },
                      cell);
}

std::vector<CellCount> counts_in(const cbsp::CompletedList& completed) {
    std::vector<CellCount> counts;
    for (const auto& cell : completed) {
        std::optional<uint16_t> broadcasts = cell.broadcasts;
        if (cell.info == cbsp::BroadcastsInfo::kUnknown) broadcasts.reset();
        counts.push_back({pattern_of(cell.cell), broadcasts});
    }
    return counts;
}

template <class Cells, class Completed>
PeerAnswer answer_from(AnswerKind kind, const Cells* cells, const Completed* completed,
                       const cbsp::FailureList* failures) {
    PeerAnswer answer{.kind = kind, .done = {}, .failed = {}, .counts = {}};
    if (cells != nullptr) answer.done = patterns_in(*cells);
    if (completed != nullptr) answer.counts = counts_in(*completed);
    if (failures != nullptr) answer.failed = failures_in(*failures);
    return answer;
}

template <class T>
const T* maybe(const std::optional<T>& value) {
    return value ? &*value : nullptr;
}

constexpr const cbsp::CellList* kNoCells = nullptr;
constexpr const cbsp::CompletedList* kNoCounts = nullptr;

}  // namespace

base::Result<cbsp::Message> to_cbsp(const PeerRequest& request, const CbspManner& manner) {
    return std::visit([&](const auto& one) { return to_message(one, manner); }, request);
}

std::optional<PeerAnswer> answer_in(const cbsp::Message& message) {
    using Answer = std::optional<PeerAnswer>;
    // Counts that a replace or a KILL brings are those of the message that went, so they are no counts of
    // ours.
    return std::visit(
        Overload{
            [](const cbsp::WriteReplaceComplete& a) -> Answer {
                return answer_from(AnswerKind::kComplete, &a.cells, kNoCounts, nullptr);
            },
            [](const cbsp::WriteReplaceFailure& a) -> Answer {
                return answer_from(AnswerKind::kFailure, maybe(a.cells), kNoCounts, &a.failures);
            },
            [](const cbsp::KillComplete& a) -> Answer {
                return answer_from(AnswerKind::kComplete, maybe(a.cells), maybe(a.completed), nullptr);
            },
            [](const cbsp::KillFailure& a) -> Answer {
                return answer_from(AnswerKind::kFailure, maybe(a.cells), maybe(a.completed), &a.failures);
            },
            [](const cbsp::MessageStatusQueryComplete& a) -> Answer {
                return answer_from(AnswerKind::kComplete, kNoCells, &a.completed, nullptr);
            },
            [](const cbsp::MessageStatusQueryFailure& a) -> Answer {
                return answer_from(AnswerKind::kFailure, kNoCells, maybe(a.completed), &a.failures);
            },
            [](const auto&) -> Answer { return std::nullopt; },
        },
        message);
}

std::optional<MessageReference> reference_in(const cbsp::Message& message) {
    using Reference = std::optional<MessageReference>;
    return std::visit(Overload{
                          [](const cbsp::WriteReplaceComplete& a) -> Reference {
                              return {{a.message_identifier, a.new_serial}};
                          },
                          [](const cbsp::WriteReplaceFailure& a) -> Reference {
                              return {{a.message_identifier, a.new_serial}};
                          },
                          [](const cbsp::KillComplete& a) -> Reference {
                              return {{a.message_identifier, a.old_serial}};
                          },
                          [](const cbsp::KillFailure& a) -> Reference {
                              return {{a.message_identifier, a.old_serial}};
                          },
                          [](const cbsp::MessageStatusQueryComplete& a) -> Reference {
                              return {{a.message_identifier, a.old_serial}};
                          },
                          [](const cbsp::MessageStatusQueryFailure& a) -> Reference {
                              return {{a.message_identifier, a.old_serial}};
                          },
                          [](const auto&) -> Reference { return std::nullopt; },
                      },
                      message);
}

std::vector<PlacePattern> patterns_in(const cbsp::CellList& cells) {
    std::vector<PlacePattern> patterns;
    for (const cbsp::CellReference& cell : cbsp::references_in(cells)) patterns.push_back(pattern_of(cell));
    return patterns;
}

std::vector<CellFailure> failures_in(const cbsp::FailureList& failures) {
    std::vector<CellFailure> list;
    for (const auto& failure : failures)
        list.push_back({pattern_of(failure.cell), cbsp_cause(static_cast<uint16_t>(failure.cause))});
    return list;
}

uint16_t broadcasts_for(const Schedule& schedule, base::Instant at) {
    return broadcasts_within(schedule, at, kSlot * period_of(schedule).value()).value_or(0);
}

}  // namespace cbc
