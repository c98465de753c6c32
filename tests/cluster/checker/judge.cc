// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/judge.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/cluster/checker/explain.h"
#include "tests/cluster/checker/ids.h"

namespace checker {
namespace {

using Operations = std::vector<const Operation*>;

class Judge {
 public:
    Judge(const History& history, const Limits& limits)
        : history_(history),
          limits_(limits),
          origin_(history.operations.empty() ? 0 : history.operations.front().invoked) {}

    Judgement run(FinalReading final_reading) {
        for (const auto& [name, operations] : objects()) check_object(name, operations);
        if (judgement_.acknowledged == 0)
            judgement_.undecided.push_back("nothing was acknowledged: it shows nothing");
        check_final(final_reading);
        return std::move(judgement_);
    }

 private:
    std::map<std::string, Operations> objects() {
        std::map<std::string, Operations> objects;
        for (const Operation& one : history_.operations) {
            ++judgement_.operations;
            if (one.outcome == Outcome::kOk) ++judgement_.acknowledged;
            if (one.outcome == Outcome::kUnknown) ++judgement_.unknown;
            if (!is_relevant(one)) continue;
            std::string name(object_type(one.kind));
            if (!one.key.empty()) name += " " + one.key;
            objects[name].push_back(&one);
        }
        judgement_.objects = objects.size();
        return objects;
    }

    void check_object(const std::string& name, const Operations& operations) {
        const auto type = object_type(operations.front()->kind);
        if (type == "ids") {
            for (const auto& fault : check_ids(operations, origin_)) judgement_.violations.push_back(fault);
            return;
        }
        if (type == "bank" && !bank_keeps_its_total(operations)) return;
        if (type == "counter") counter_keeps_its_sum(name, operations);
        const auto model = make_model(operations);
        auto finding = search(*model, model->initial(), operations, limits_);
        if (finding.verdict == Verdict::kViolation)
            judgement_.violations.push_back(
                explain(*model, name, shorten(*model, std::move(finding), limits_), origin_));
        else if (finding.verdict == Verdict::kUndecided)
            judgement_.undecided.push_back(name + ": " + finding.undecided_because + " (" +
                                           std::to_string(operations.size()) + " operations)");
    }

    // Needs no search, and says it more plainly than one.
    bool bank_keeps_its_total(const Operations& operations) {
        std::set<int64_t> totals;
        for (const Operation* one : operations)
            if (one->kind == Kind::kBankCreate) totals.insert(total_of(*one));
        for (const Operation* one : operations) {
            if (one->kind != Kind::kBankRead || one->accounts.empty()) continue;
            const bool overdrawn = std::any_of(one->accounts.begin(), one->accounts.end(),
                                               [](const auto& account) { return account.second < 0; });
            if (totals.contains(total_of(*one)) && !overdrawn) continue;
            judgement_.violations.push_back(
                std::string("VIOLATION at bank: ") +
                (overdrawn ? "an account is overdrawn" : "the total is not what it was") + " (" +
                std::to_string(total_of(*one)) + "):\n    " + line_of(*one, origin_));
            return false;
        }
        return true;
    }

    static int64_t total_of(const Operation& operation) {
        int64_t total = 0;
        for (const auto& [name, balance] : operation.accounts) total += balance;
        return total;
    }

    // A reading after everything lies between what was acknowledged and what was tried.
    void counter_keeps_its_sum(const std::string& name, const Operations& operations) {
        int64_t acknowledged = 0;
        int64_t tried = 0;
        for (const Operation* one : operations) {
            if (one->kind != Kind::kCounterAdd) continue;
            tried += one->value;
            if (one->outcome == Outcome::kOk) acknowledged += one->value;
        }
        const Operation& last = *operations.back();
        const bool is_after_all =
            last.kind == Kind::kCounterRead &&
            std::all_of(operations.begin(), operations.end() - 1, [&](const Operation* one) {
                return one->outcome == Outcome::kUnknown || one->returned < last.invoked;
            });
        const int64_t value = last.result.value_or(0);
        if (!is_after_all || (value >= acknowledged && value <= tried)) return;
        judgement_.losses.push_back(name + ": " + std::to_string(acknowledged) + " was acknowledged, " +
                                    std::to_string(tried) + " tried, and at the end it holds:\n    " +
                                    line_of(last, origin_));
    }

    void check_final(FinalReading final_reading) {
        judgement_.final_nodes = history_.final_nodes.size();
        if (history_.final_nodes.empty()) {
            if (final_reading == FinalReading::kWanted)
                judgement_.undecided.push_back("durability: nobody read the nodes at the end");
            return;
        }
        for (const auto& failure : history_.read_failures)
            judgement_.undecided.push_back("durability: at the end no answer to " + failure);
        std::map<std::string, std::string> hashes;
        for (const NodeState& one : history_.states) hashes[one.node] = one.hash;
        for (const auto& node : history_.final_nodes)
            if (!hashes.contains(node))
                judgement_.undecided.push_back("durability: no state of node " + node);
        std::set<std::string> different;
        std::string text = "the nodes' final states differ:";
        for (const auto& [node, hash] : hashes) {
            different.insert(hash);
            text += "\n    " + node + " " + hash;
        }
        if (different.size() > 1) judgement_.losses.push_back(text);
    }

    const History& history_;
    const Limits& limits_;
    const int64_t origin_;
    Judgement judgement_;
};

}  // namespace

Judgement judge(const History& history, const Limits& limits, FinalReading final_reading) {
    return Judge(history, limits).run(final_reading);
}

}  // namespace checker
