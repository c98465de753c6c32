// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/explain.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace checker {
namespace {

constexpr size_t kContext = 6;      // operations shown before the last certain state
constexpr size_t kMostTried = 400;  // a contradiction among more than these is shown as it is

std::string seconds(int64_t at, int64_t origin) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%10.6f", static_cast<double>(at - origin) / 1e9);
    return text.data();
}

std::string order_text(const Attempt& attempt) {
    std::string text;
    for (const Operation* one : attempt.order) text += (text.empty() ? "" : "; ") + describe(*one);
    return text.empty() ? "nothing" : text;
}

}  // namespace

std::string line_of(const Operation& operation, int64_t origin) {
    const std::string end =
        operation.outcome == Outcome::kUnknown ? "         ?" : seconds(operation.returned, origin);
    return seconds(operation.invoked, origin) + " .. " + end + "  client " +
           std::to_string(operation.process) + " at " + operation.node + ": " + describe(operation);
}

Finding shorten(const Model& model, Finding finding, const Limits& limits) {
    if (finding.verdict != Verdict::kViolation || finding.after.size() > kMostTried) return finding;
    const auto deadline = std::chrono::steady_clock::now() + limits.time;
    auto kept = finding.after;
    for (size_t i = kept.size(); i > 0 && std::chrono::steady_clock::now() < deadline; --i) {
        if (!is_observer(*kept[i - 1])) continue;
        auto fewer = kept;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i - 1));
        if (search(model, finding.certain, fewer, limits).verdict == Verdict::kViolation)
            kept = std::move(fewer);
    }
    auto shorter = search(model, finding.certain, kept, limits);
    if (shorter.verdict != Verdict::kViolation) return finding;
    // It may have found a later certain state; what leads there stays in view.
    shorter.before.insert(shorter.before.begin(), finding.before.begin(), finding.before.end());
    return shorter;
}

std::string explain(const Model& model, const std::string& object, const Finding& finding, int64_t origin) {
    const Operation& culprit = *finding.culprit;
    std::string text = "VIOLATION at " + object + ": no order of its operations explains this answer:\n    " +
                       line_of(culprit, origin) + "\n";
    text += "  " + std::to_string(finding.before.size()) +
            " operations came before and can be explained; the latest, in the order found:\n";
    const size_t skipped = finding.before.size() - std::min(finding.before.size(), kContext);
    for (size_t i = skipped; i < finding.before.size(); ++i)
        text += "    " + line_of(*finding.before[i], origin) + "\n";
    text += "  after which the state is certain: " + model.show(finding.certain) + "\n";
    text += "  what remains to be placed (seconds of invocation .. return):\n";
    for (const Operation* one : finding.after)
        text += (one == &culprit ? "  > " : "    ") + line_of(*one, origin) + "\n";
    text += "  as far as one can come:\n";
    for (const Attempt& attempt : finding.attempts)
        text += "    " + order_text(attempt) + " => the state is " + model.show(attempt.state) + ", and \"" +
                describe(culprit) + "\" cannot come next\n";
    return text;
}

}  // namespace checker
