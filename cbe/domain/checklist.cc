// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/checklist.h"

#include <algorithm>
#include <set>

namespace cbe {
namespace {

using std::chrono::seconds;

std::string minutes_and_hours(seconds duration) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(duration).count();
    const std::string rest = std::to_string(minutes % 60) + " min";
    return minutes < 60 ? rest : std::to_string(minutes / 60) + " h" + (minutes % 60 == 0 ? "" : " " + rest);
}

Check problem(CheckItem item, std::string text) { return {item, CheckState::kProblem, std::move(text)}; }
Check ok(CheckItem item, std::string text) { return {item, CheckState::kOk, std::move(text)}; }

Check check_channel(const Draft& draft, const Reference& reference) {
    if (draft.channel.empty()) {
        // A machine client's identifier that no channel has: shown with its true meaning to who approves.
        return {CheckItem::kChannel, CheckState::kWarning,
                "Identifier " + std::to_string(draft.identifier.value()) +
                    " belongs to no channel: " + std::string(cbs::meaning(draft.identifier)) + "."};
    }
    const Channel* channel = reference.channels.find(draft.channel);
    if (channel == nullptr) return problem(CheckItem::kChannel, "Choose a channel.");
    if (!reference.allows(draft.channel))
        return problem(CheckItem::kChannel, "Your authority may not use the channel \"" + channel->name +
                                                "\". Choose another one.");
    return ok(CheckItem::kChannel, channel->name);
}

Check check_area(const Draft& draft, const Reference& reference) {
    const auto* chosen = std::get_if<ChosenCells>(&draft.area);
    if (chosen == nullptr) return ok(CheckItem::kArea, "Every cell of the network.");
    if (chosen->cells.empty())
        return problem(CheckItem::kArea, "No cell is chosen. Choose at least one, or the whole network.");
    for (const Cell& cell : chosen->cells)
        if (reference.cells.find(cell) == nullptr)
            return problem(CheckItem::kArea, "Cell " + cell.text() +
                                                 " is not in the site data. Remove it, or check the "
                                                 "site data.");
    return ok(CheckItem::kArea,
              std::to_string(chosen->cells.size()) + (chosen->cells.size() == 1 ? " cell." : " cells."));
}

// The words that a test must say and a live alert should not (C-55).
bool says_test(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    for (const std::string_view word :
         {"test", "exercise", "exercice", "ejercicio", "prueba", "teste", "exerc", "probe", "übung",
          "esercitazione", "اختبار", "تمرين", "δοκιμ", "тест", "учени", "测试", "演习"})
        if (lower.find(word) != std::string::npos) return true;
    return false;
}

Check check_text(const Draft& draft, const Reference& reference) {
    if (draft.messages.empty()) return problem(CheckItem::kText, "Write the text of the alert.");
    size_t pages = 0;
    for (const Message& message : draft.messages) {
        if (message.text.empty())
            return problem(CheckItem::kText, "The text in \"" + message.language +
                                                 "\" is empty. Write it, or remove the language.");
        const auto measured = measure(message);
        if (!measured) return problem(CheckItem::kText, measured.error().text);
        if (!measured->refused.empty()) return problem(CheckItem::kText, measured->refused.front().sentence);
        if (!measured->sendable())
            return problem(CheckItem::kText, "The text in \"" + message.language +
                                                 "\" is too long: " + std::to_string(measured->characters) +
                                                 " of " + std::to_string(measured->limit) + ". Shorten it.");
        pages += measured->pages;
    }
    const Channel* channel = reference.channels.find(draft.channel);
    const bool tests = std::all_of(draft.messages.begin(), draft.messages.end(),
                                   [](const Message& message) { return says_test(message.text); });
    if (channel != nullptr && channel->kind == ChannelKind::kTest && !tests)
        return problem(CheckItem::kText, "A test must say so: write the word \"test\" into every text.");
    if (channel != nullptr && channel->kind == ChannelKind::kExercise && !tests)
        return problem(CheckItem::kText,
                       "An exercise must say so: write the word \"exercise\" into every text.");
    if (channel != nullptr && channel->kind == ChannelKind::kLive && tests)
        return {
            CheckItem::kText, CheckState::kWarning,
            "The text speaks of a test, on a channel that people take for real. Check that this is meant."};
    return ok(CheckItem::kText, std::to_string(pages) + (pages == 1 ? " page." : " pages."));
}

Check check_language(const Draft& draft, const Reference& reference) {
    const Channel* channel = reference.channels.find(draft.channel);
    const size_t most = channel != nullptr ? channel->max_languages()
                                           : 1 + (cbs::additional_language(draft.identifier) ? 1U : 0U);
    if (draft.messages.size() > most)
        return problem(CheckItem::kLanguage,
                       "This channel carries " + std::to_string(most) +
                           (most == 1 ? " language" : " languages") + " and the alert has " +
                           std::to_string(draft.messages.size()) + ". Remove one, or write a second alert.");
    std::set<std::string> seen;
    for (const Message& message : draft.messages)
        if (!seen.insert(message.language).second)
            return problem(CheckItem::kLanguage,
                           "The language \"" + message.language + "\" stands twice. Remove one of them.");
    return ok(CheckItem::kLanguage, std::to_string(draft.messages.size()) +
                                        (draft.messages.size() == 1 ? " language." : " languages."));
}

Check check_duration(const Draft& draft, const Reference& reference) {
    const Channel* channel = reference.channels.find(draft.channel);
    const DurationLimits limits = duration_limits(channel != nullptr ? channel->kind : ChannelKind::kLive);
    if (draft.duration < limits.least || draft.duration > limits.most)
        return problem(CheckItem::kDuration, "The duration must be from " + minutes_and_hours(limits.least) +
                                                 " to " + minutes_and_hours(limits.most) +
                                                 " on this channel; it is " +
                                                 minutes_and_hours(draft.duration) + ".");
    return ok(CheckItem::kDuration, minutes_and_hours(draft.duration) + ".");
}

Check check_repetition(const Draft& draft) {
    if (draft.repetition_period < seconds{2} || draft.repetition_period > seconds{4095} ||
        draft.repetition_period > draft.duration)
        return problem(
            CheckItem::kRepetition,
            "The repetition period must be from 2 to 4095 seconds and not longer than the duration.");
    return ok(CheckItem::kRepetition, "Every " + std::to_string(draft.repetition_period.count()) + " s, " +
                                          std::to_string(draft.duration / draft.repetition_period) +
                                          " times.");
}

Check check_cbc(CbcReach reach) {
    switch (reach) {
        case CbcReach::kAnswers:
            return ok(CheckItem::kCbc, "The broadcast centre answers.");
        case CbcReach::kNotUsed:
            return ok(CheckItem::kCbc, "Training: nothing will be sent.");
        case CbcReach::kSilent:
            return {CheckItem::kCbc, CheckState::kWarning,
                    "The broadcast centre does not answer. The alert can be approved and will be sent as "
                    "soon as it does."};
    }
    return ok(CheckItem::kCbc, "");
}

std::string_view field_of(CheckItem item) {
    switch (item) {
        case CheckItem::kChannel:
            return "channel";
        case CheckItem::kArea:
            return "area";
        case CheckItem::kText:
            return "messages";
        case CheckItem::kLanguage:
            return "messages";
        case CheckItem::kDuration:
            return "duration_s";
        case CheckItem::kRepetition:
            return "repetition_period_s";
        case CheckItem::kApprover:
            return "approver";
        case CheckItem::kCbc:
            return "cbc";
    }
    return "";
}

}  // namespace

std::string_view to_string(CheckItem item) {
    switch (item) {
        case CheckItem::kChannel:
            return "channel";
        case CheckItem::kArea:
            return "area";
        case CheckItem::kText:
            return "text";
        case CheckItem::kLanguage:
            return "language";
        case CheckItem::kDuration:
            return "duration";
        case CheckItem::kRepetition:
            return "repetition";
        case CheckItem::kApprover:
            return "approver";
        case CheckItem::kCbc:
            return "cbc";
    }
    return "unknown";
}

std::string_view to_string(CheckState state) {
    switch (state) {
        case CheckState::kOk:
            return "ok";
        case CheckState::kWarning:
            return "warning";
        case CheckState::kProblem:
            return "problem";
    }
    return "unknown";
}

bool Reference::allows(std::string_view channel_key) const {
    return allowed_channels.empty() ||
           std::find(allowed_channels.begin(), allowed_channels.end(), channel_key) != allowed_channels.end();
}

std::vector<Check> check(const Draft& draft, const Reference& reference, size_t approvers, CbcReach reach) {
    std::vector<Check> checks{
        check_channel(draft, reference),  check_area(draft, reference),     check_text(draft, reference),
        check_language(draft, reference), check_duration(draft, reference), check_repetition(draft),
    };
    checks.push_back(approvers > 0
                         ? ok(CheckItem::kApprover,
                              std::to_string(approvers) +
                                  (approvers == 1 ? " person can approve it." : " people can approve it."))
                         : problem(CheckItem::kApprover,
                                   "Nobody could approve this alert: everybody with that right took "
                                   "part in writing it."));
    checks.push_back(check_cbc(reach));
    return checks;
}

std::optional<Refusal> refusal_for(const std::vector<Check>& checks) {
    Refusal refusal{
        RefusalCode::kNotComplete, "Nothing was submitted, because the alert is not complete:", {}};
    bool only_approver = true;
    bool only_text = true;
    for (const Check& check : checks) {
        if (check.state != CheckState::kProblem) continue;
        only_approver = only_approver && check.item == CheckItem::kApprover;
        only_text = only_text && check.item == CheckItem::kText;
        refusal.text += " " + check.text;
        refusal.fields.push_back({std::string(field_of(check.item)), check.text});
    }
    if (refusal.fields.empty()) return {};
    if (only_approver) refusal.code = RefusalCode::kNoApprover;
    if (only_text) refusal.code = RefusalCode::kText;
    return refusal;
}

std::optional<Refusal> check_fields(const Draft& draft, const Reference& reference) {
    const auto refuse = [](RefusalCode code, std::string field, std::string why) {
        return Refusal{code, "Nothing was saved: " + why, {{std::move(field), why}}};
    };
    if (!draft.channel.empty()) {
        const Channel* channel = reference.channels.find(draft.channel);
        if (channel == nullptr)
            return refuse(RefusalCode::kInvalid, "channel",
                          "there is no channel \"" + draft.channel + "\"; choose one of the list.");
        if (!channel->has(draft.identifier))
            return refuse(RefusalCode::kInvalid, "message_identifier",
                          "message identifier " + std::to_string(draft.identifier.value()) + " (" +
                              std::string(cbs::meaning(draft.identifier)) +
                              ") does not belong to the channel \"" + channel->name + "\".");
    }
    if (const auto* chosen = std::get_if<ChosenCells>(&draft.area)) {
        for (const Cell& cell : chosen->cells)
            if (reference.cells.find(cell) == nullptr)
                return refuse(RefusalCode::kUnknownCell, "area/cells",
                              "cell " + cell.text() +
                                  " is not in the site data. Choose another one, or check the site data.");
    }
    return {};
}

Draft draft_for(const Channel& channel) {
    Draft draft;
    draft.channel = channel.key;
    draft.identifier = channel.identifiers.front();
    draft.duration = channel.default_duration;
    draft.repetition_period = channel.repetition_period;
    return draft;
}

base::Result<cbs::Measure> measure(const Message& message) {
    return cbs::measure(message.text, cbs::TextOptions{.language = message.language});
}

}  // namespace cbe
