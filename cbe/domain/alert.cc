// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/alert.h"

#include <algorithm>

namespace cbe {

Area chosen_cells(std::vector<Cell> cells) {
    std::sort(cells.begin(), cells.end());
    cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
    return ChosenCells{std::move(cells)};
}

std::string_view to_string(Category category) {
    switch (category) {
        case Category::kNormal:
            return "normal";
        case Category::kHigh:
            return "high";
        case Category::kBackground:
            return "background";
    }
    return "unknown";
}

std::optional<Category> category_of(std::string_view word) {
    for (const Category category : {Category::kNormal, Category::kHigh, Category::kBackground})
        if (to_string(category) == word) return category;
    return {};
}

std::string_view to_string(DecisionKind kind) {
    switch (kind) {
        case DecisionKind::kSubmit:
            return "submit";
        case DecisionKind::kApprove:
            return "approve";
        case DecisionKind::kShrink:
            return "shrink";
        case DecisionKind::kStop:
            return "stop";
    }
    return "unknown";
}

std::optional<DecisionKind> decision_kind_of(std::string_view word) {
    for (const DecisionKind kind :
         {DecisionKind::kSubmit, DecisionKind::kApprove, DecisionKind::kShrink, DecisionKind::kStop})
        if (to_string(kind) == word) return kind;
    return {};
}

std::string_view to_string(HistoryAction action) {
    switch (action) {
        case HistoryAction::kCreated:
            return "created";
        case HistoryAction::kSaved:
            return "saved";
        case HistoryAction::kSubmitted:
            return "submitted";
        case HistoryAction::kWithdrawn:
            return "withdrawn";
        case HistoryAction::kReturned:
            return "returned";
        case HistoryAction::kDiscarded:
            return "discarded";
        case HistoryAction::kRejected:
            return "rejected";
        case HistoryAction::kRestored:
            return "restored";
        case HistoryAction::kApproved:
            return "approved";
        case HistoryAction::kOnAir:
            return "on_air";
        case HistoryAction::kStopped:
            return "stopped";
        case HistoryAction::kStopAgain:
            return "stop_again";
        case HistoryAction::kShrunk:
            return "shrunk";
        case HistoryAction::kSuperseded:
            return "superseded";
        case HistoryAction::kCompleted:
            return "completed";
        case HistoryAction::kFailed:
            return "failed";
    }
    return "unknown";
}

std::optional<HistoryAction> history_action_of(std::string_view word) {
    for (const HistoryAction action : kAllHistoryActions)
        if (to_string(action) == word) return action;
    return {};
}

std::string_view to_string(RelationKind kind) {
    switch (kind) {
        case RelationKind::kUpdate:
            return "update";
        case RelationKind::kAllClear:
            return "all_clear";
        case RelationKind::kFalseAlarm:
            return "false_alarm";
        case RelationKind::kCopy:
            return "copy";
    }
    return "unknown";
}

std::optional<RelationKind> relation_kind_of(std::string_view word) {
    for (const RelationKind kind :
         {RelationKind::kUpdate, RelationKind::kAllClear, RelationKind::kFalseAlarm, RelationKind::kCopy})
        if (to_string(kind) == word) return kind;
    return {};
}

bool Alert::has_contributor(const UserId& user) const {
    return std::find(contributors.begin(), contributors.end(), user) != contributors.end();
}

void add_contributor(Alert& alert, const UserId& user) {
    if (!alert.has_contributor(user)) alert.contributors.push_back(user);
}

void note(Alert& alert, HistoryAction action, const UserId& by, base::Instant now, std::string reason) {
    // A draft that is saved every few seconds is one entry a person, not hundreds.
    if (action == HistoryAction::kSaved && !alert.history.empty() &&
        alert.history.back().action == HistoryAction::kSaved && alert.history.back().by == by) {
        alert.history.back().at = now;
        return;
    }
    alert.history.push_back({now, action, by, std::move(reason), alert.frozen ? alert.frozen->digest : ""});
}

AlertEvent expiry_of(const Alert& alert) {
    return alert.mode == Mode::kTraining ? AlertEvent::kTrainingOver : AlertEvent::kExpire;
}

Status status_at(const Alert& alert, base::Instant now) {
    if (!alert.frozen || now < alert.frozen->end) return alert.status;
    return next_status(alert.status, expiry_of(alert)).value_or(alert.status);
}

bool move(Alert& alert, AlertEvent event, base::Instant now) {
    const auto next = next_status(alert.status, event);
    if (!next) return false;
    alert.status = *next;
    alert.updated_at = now;
    ++alert.version;
    return true;
}

}  // namespace cbe
