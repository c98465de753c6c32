// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/ids.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "tests/cluster/checker/explain.h"

namespace checker {
namespace {

constexpr size_t kFaultsShown = 10;
constexpr int64_t kNeverInvoked = std::numeric_limits<int64_t>::min();

class Ids {
 public:
    Ids(const std::vector<const Operation*>& operations, int64_t origin) : origin_(origin) {
        for (const Operation* one : operations) {
            if (one->kind == Kind::kIdsRead && one->outcome == Outcome::kOk) reads_.push_back(one);
            if (one->kind != Kind::kIdsNew) continue;
            if (one->outcome == Outcome::kUnknown) unknown_.push_back(one);
            if (one->outcome == Outcome::kOk) given_.push_back(one);
        }
        // In the only order in which a set that grows can be read.
        std::stable_sort(reads_.begin(), reads_.end(), [](const Operation* a, const Operation* b) {
            return a->ids.size() < b->ids.size();
        });
    }

    std::vector<std::string> check() {
        given_twice();
        number_first_reads();
        if (reads_fit_each_other()) {
            explain_strangers();
            times_fit();
        }
        return std::move(faults_);
    }

 private:
    void fault(const std::string& what, const std::vector<const Operation*>& operations) {
        if (faults_.size() == kFaultsShown) return;
        std::string text = what;
        for (const Operation* one : operations) text += "\n    " + line_of(*one, origin_);
        faults_.push_back(text);
    }

    void given_twice() {
        for (const Operation* one : given_) {
            const auto [first, is_new] = giver_.emplace(one->result.value_or(0), one);
            if (!is_new)
                fault("id " + std::to_string(first->first) + " was given twice", {first->second, one});
        }
    }

    // For each id the first read, in the order of growth, that has it.
    void number_first_reads() {
        for (size_t i = 0; i < reads_.size(); ++i) {
            std::unordered_set<int64_t> in_this;
            for (const int64_t id : reads_[i]->ids) {
                if (!in_this.insert(id).second)
                    fault("id " + std::to_string(id) + " is twice in one reading", {reads_[i]});
                first_read_.emplace(id, i);
            }
        }
    }

    // Each reading has all that a smaller one had.
    bool reads_fit_each_other() {
        for (size_t i = 1; i < reads_.size(); ++i) {
            const std::unordered_set<int64_t> larger(reads_[i]->ids.begin(), reads_[i]->ids.end());
            for (const int64_t id : reads_[i - 1]->ids) {
                if (larger.contains(id)) continue;
                const auto giver = giver_.find(id);
                std::vector<const Operation*> shown{reads_[i - 1], reads_[i]};
                if (giver != giver_.end()) shown.insert(shown.begin(), giver->second);
                fault("id " + std::to_string(id) + " is in one reading and missing in a larger one", shown);
                return false;
            }
        }
        return true;
    }

    // An id that nobody was told of must come from a request of unknown outcome, each from another one. Ids
    // that were read early choose first, among what was invoked before their reading returned.
    void explain_strangers() {
        std::vector<std::pair<int64_t, int64_t>>
            strangers;  // return of the earliest reading that has it; the id
        for (const auto& [id, read] : first_read_) {
            if (giver_.contains(id)) continue;
            int64_t latest = kNever;
            for (size_t i = read; i < reads_.size(); ++i) latest = std::min(latest, reads_[i]->returned);
            strangers.emplace_back(latest, id);
        }
        std::sort(strangers.begin(), strangers.end());
        size_t used = 0;
        for (const auto& [latest, id] : strangers) {
            if (used < unknown_.size() && unknown_[used]->invoked <= latest) {
                ++used;
                continue;
            }
            fault("id " + std::to_string(id) + " was read and no request can have made it",
                  {reads_[first_read_.at(id)]});
        }
    }

    // The order is given: ids of the first reading, first reading, ids that are new in the second, and so on.
    // It fits the times when nothing in a later place returned before something in an earlier one was
    // invoked.
    void times_fit() {
        std::vector<std::vector<const Operation*>> places(2 * reads_.size() + 1);
        for (size_t i = 0; i < reads_.size(); ++i) places[2 * i + 1].push_back(reads_[i]);
        for (const Operation* one : given_) {
            const auto first = first_read_.find(one->result.value_or(0));
            places[2 * (first == first_read_.end() ? reads_.size() : first->second)].push_back(one);
        }
        const Operation* latest = nullptr;  // invoked last, of the places before
        for (const auto& place : places) {
            for (const Operation* one : place)
                if (latest != nullptr && one->returned < latest->invoked) out_of_order(*latest, *one);
            for (const Operation* one : place)
                if (one->invoked > (latest == nullptr ? kNeverInvoked : latest->invoked)) latest = one;
        }
    }

    // `early` returned before `late` was invoked, and the readings say that it came after it.
    void out_of_order(const Operation& late, const Operation& early) {
        if (early.kind == Kind::kIdsNew && late.kind == Kind::kIdsRead) {
            fault("id " + std::to_string(early.result.value_or(0)) +
                      " was given and is missing in a later reading",
                  {&early, &late});
        } else {
            fault("the readings put these two in the other order than time did", {&early, &late});
        }
    }

    const int64_t origin_;
    std::vector<const Operation*> reads_, given_, unknown_;
    std::unordered_map<int64_t, const Operation*> giver_;
    std::unordered_map<int64_t, size_t> first_read_;
    std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> check_ids(const std::vector<const Operation*>& operations, int64_t origin) {
    return Ids(operations, origin).check();
}

}  // namespace checker
