// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/search.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_set>

namespace checker {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr size_t kSlots = 512;  // operations open at once
constexpr size_t kAttemptsShown = 3;
constexpr uint32_t kNothing = 0;  // a path's beginning

// Which of the open operations have been placed.
class Placed {
 public:
    bool has(size_t slot) const { return (words_[slot / 64] >> (slot % 64) & 1) != 0; }
    void add(size_t slot) { words_[slot / 64] |= uint64_t{1} << (slot % 64); }
    void remove(size_t slot) { words_[slot / 64] &= ~(uint64_t{1} << (slot % 64)); }
    size_t hash() const {
        uint64_t mixed = 0;
        for (const uint64_t word : words_) mixed = (mixed ^ word) * 0x9e3779b97f4a7c15;
        return mixed ^ mixed >> 32;
    }
    bool operator==(const Placed&) const = default;

 private:
    std::array<uint64_t, kSlots / 64> words_{};
};

struct Explanation {
    Placed placed;
    State state;
    uint32_t path = kNothing;  // how it came about; two with the same placed and state are the same

    bool operator==(const Explanation& other) const { return placed == other.placed && state == other.state; }
};

struct Hash {
    size_t operator()(const Explanation& one) const {
        size_t mixed = one.placed.hash();
        for (const int64_t value : one.state)
            mixed = (mixed ^ static_cast<size_t>(value)) * 0x9e3779b97f4a7c15;
        return mixed ^ mixed >> 29;
    }
};
using Explanations = std::unordered_set<Explanation, Hash>;

struct Event {
    int64_t at;
    bool is_return;
    size_t operation;
};

// An invocation comes before a return of the same nanosecond: then the two overlap, which asks for less.
std::vector<Event> events_of(const std::vector<const Operation*>& operations) {
    std::vector<Event> events;
    for (size_t i = 0; i < operations.size(); ++i) {
        events.push_back({operations[i]->invoked, false, i});
        if (operations[i]->outcome != Outcome::kUnknown) events.push_back({operations[i]->returned, true, i});
    }
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
        return std::tie(a.at, a.is_return, a.operation) < std::tie(b.at, b.is_return, b.operation);
    });
    return events;
}

// How unplaced changes are tried. Eager: every one, everywhere. Lazy: where they make something possible, in
// chains with at most so many doubtful changes.
struct Mode {
    bool lazy;
    size_t doubtful;
};

// A change that may well not have happened yet, or not at all: of unknown outcome, or long under way.
bool is_doubtful(const Operation& operation) {
    constexpr int64_t kLongNs = 1'000'000'000;
    return operation.outcome == Outcome::kUnknown || operation.returned - operation.invoked > kLongNs;
}

class Search {
 public:
    Search(const Model& model, const State& initial, const std::vector<const Operation*>& operations,
           const Limits& limits, SteadyClock::time_point deadline, Mode mode)
        : model_(model), operations_(operations), limits_(limits), deadline_(deadline), mode_(mode) {
        path_.push_back({0, kNothing});
        slot_of_.assign(operations.size(), kSlots);
        for (size_t slot = kSlots; slot > 0; --slot) free_.push_back(slot - 1);
        explanations_.insert(Explanation{{}, initial, kNothing});
        certain_ = *explanations_.begin();
    }

    Finding run() {
        for (const Event& event : events_of(operations_)) {
            if (event.is_return)
                on_return(event.operation);
            else
                on_invoke(event.operation);
            if (finding_.verdict != Verdict::kLinearizable) break;
            if (explanations_.size() == 1) certain_ = *explanations_.begin();
        }
        finding_.steps = steps_;
        return std::move(finding_);
    }

 private:
    struct PathNode {
        uint32_t operation;
        uint32_t parent;
    };

    const Operation& operation(size_t index) const { return *operations_[index]; }
    bool is_placed(const Explanation& one, size_t index) const { return one.placed.has(slot_of_[index]); }

    void undecided(const char* why) {
        finding_.verdict = Verdict::kUndecided;
        finding_.undecided_because = why;
    }

    bool over_limit() {
        if (finding_.verdict == Verdict::kUndecided) return true;
        if (steps_ > limits_.steps) undecided("it takes too many steps");
        if (++ticks_ % 256 == 0 && SteadyClock::now() > deadline_) undecided("it takes too long");
        return finding_.verdict == Verdict::kUndecided;
    }

    void on_invoke(size_t index) {
        if (free_.empty()) return undecided("too many operations are open at once");
        slot_of_[index] = free_.back();
        free_.pop_back();
        if (is_observer(operation(index))) {
            observers_.push_back(index);
            Explanations next;
            for (Explanation one : explanations_) {
                place_observer(one, index);
                next.insert(std::move(one));
            }
            explanations_ = std::move(next);
        } else if (operation(index).outcome == Outcome::kUnknown) {
            add_unknown(index);
        } else {
            changes_.push_back(index);
        }
    }

    void add_unknown(size_t index) {
        const Operation& one = operation(index);
        auto [twin, is_first] =
            twins_.try_emplace({one.kind, one.value, one.from, one.payer, one.payee, one.accounts}, index);
        earlier_twin_[index] = is_first ? index : twin->second;
        twin->second = index;
        unknown_.push_back(index);
    }

    // Of two unknown changes that do the same, the one invoked first is used first: it can be wherever the
    // other can.
    bool waits_for_twin(const Explanation& one, size_t index) const {
        const auto found = earlier_twin_.find(index);
        return found != earlier_twin_.end() && found->second != index && !is_placed(one, found->second);
    }

    void extend_path(Explanation& one, size_t index) {
        ++steps_;
        one.placed.add(slot_of_[index]);
        path_.push_back({static_cast<uint32_t>(index), one.path});
        one.path = static_cast<uint32_t>(path_.size() - 1);
    }

    void place_observer(Explanation& one, size_t index) {
        if (is_placed(one, index) || !model_.apply(one.state, operation(index))) return;
        extend_path(one, index);
    }

    // The explanation with the change placed; the reads and refusals that now fit are not placed yet.
    std::optional<Explanation> with(const Explanation& one, size_t index) {
        auto state = model_.apply(one.state, operation(index));
        if (!state) return std::nullopt;
        Explanation next{one.placed, std::move(*state), one.path};
        extend_path(next, index);
        return next;
    }

    void push(Explanation one) {
        for (const size_t observer : observers_) place_observer(one, observer);
        if (!seen_.insert(one).second) return;
        stack_.push_back(std::move(one));
        ++pushed_;
    }

    void on_return(size_t index) {
        Explanations next;
        seen_.clear();
        for (const Explanation& one : explanations_) stack_.push_back(one);
        while (!stack_.empty() && !over_limit()) {
            Explanation one = std::move(stack_.back());
            stack_.pop_back();
            if (!is_placed(one, index)) {
                expand(one, index);
                continue;
            }
            one.placed.remove(slot_of_[index]);
            next.insert(std::move(one));
            if (next.size() > limits_.explanations) undecided("too many explanations fit");
        }
        if (finding_.verdict == Verdict::kUndecided) return;
        if (next.empty()) return violation(index);
        explanations_ = std::move(next);
        std::erase(changes_, index);
        std::erase(observers_, index);
        free_.push_back(slot_of_[index]);
    }

    // Adds the explanations that lead from this one, in which `wanted` is not placed, towards one in which it
    // is.
    void expand(const Explanation& one, size_t wanted) {
        const bool wants_change = !is_observer(operation(wanted));
        bool comes_at_once = false;
        if (wants_change) {
            if (auto next = with(one, wanted)) {
                comes_at_once = true;
                push(std::move(*next));
            }
        }
        const bool all_changes = !mode_.lazy || model_.lazy_is_complete();
        for (const size_t index : changes_) {
            if (!all_changes || index == wanted || is_placed(one, index)) continue;
            if (auto next = with(one, index)) push(std::move(*next));
        }
        if (!mode_.lazy) {
            for (const size_t index : unknown_) {
                if (is_placed(one, index) || waits_for_twin(one, index)) continue;
                if (auto next = with(one, index); next && !model_.hopeless(next->state, operation(wanted)))
                    push(std::move(*next));
            }
            return;
        }
        std::vector<size_t> needy = cannot_come(one, all_changes);
        if (wants_change && !comes_at_once && !all_changes) needy.push_back(wanted);
        std::vector<size_t> pool = unknown_;
        if (!all_changes) pool.insert(pool.begin(), changes_.begin(), changes_.end());
        if (!needy.empty()) chain(one, wanted, needy, pool, {});
    }

    // The open operations of known outcome that cannot come next, and for which a chain is worth looking for.
    std::vector<size_t> cannot_come(const Explanation& one, bool changes_too) const {
        std::vector<size_t> needy;
        for (const size_t index : observers_)
            if (!is_placed(one, index)) needy.push_back(index);
        if (!changes_too) return needy;
        for (const size_t index : changes_)
            if (!is_placed(one, index) && !model_.apply(one.state, operation(index))) needy.push_back(index);
        return needy;
    }

    struct Chain {
        size_t from = 0;  // where in the pool to go on
        size_t length = 0;
        size_t doubtful = 0;  // among them
    };

    void chain(const Explanation& one, size_t wanted, const std::vector<size_t>& needy,
               const std::vector<size_t>& pool, Chain so_far) {
        for (size_t i = so_far.from; i < pool.size() && !over_limit(); ++i) {
            const size_t index = pool[i];
            if (index == wanted || is_placed(one, index) || waits_for_twin(one, index)) continue;
            if (so_far.length > 0 && model_.overwrites(operation(index))) continue;
            const size_t doubtful = so_far.doubtful + (is_doubtful(operation(index)) ? 1 : 0);
            if (doubtful > mode_.doubtful) continue;
            const size_t path_before = path_.size();
            const size_t pushed_before = pushed_;
            auto next = with(one, index);
            if (!next) continue;
            if (!model_.hopeless(next->state, operation(wanted))) {
                if (helps(next->state, needy)) push(*next);
                // The order within a chain of changes that commute does not matter: only ascending ones.
                chain(*next, wanted, needy, pool,
                      {model_.commutes() ? i + 1 : 0, so_far.length + 1, doubtful});
            }
            if (pushed_ == pushed_before) path_.resize(path_before);  // nobody refers to it
        }
    }

    bool helps(const State& state, const std::vector<size_t>& needy) const {
        return std::any_of(needy.begin(), needy.end(),
                           [&](size_t other) { return model_.apply(state, operation(other)).has_value(); });
    }

    std::vector<const Operation*> walk(uint32_t from, uint32_t to) const {
        std::vector<const Operation*> order;
        for (uint32_t at = from; at != to && at != kNothing; at = path_[at].parent)
            order.push_back(operations_[path_[at].operation]);
        std::reverse(order.begin(), order.end());
        return order;
    }

    void violation(size_t index) {
        finding_.verdict = Verdict::kViolation;
        finding_.culprit = operations_[index];
        finding_.certain = certain_.state;
        finding_.before = walk(certain_.path, kNothing);
        const std::unordered_set<const Operation*> placed(finding_.before.begin(), finding_.before.end());
        for (const Operation* one : operations_)
            if (one->invoked <= finding_.culprit->returned && !placed.contains(one))
                finding_.after.push_back(one);
        for (const Explanation& one : explanations_) {
            if (finding_.attempts.size() == kAttemptsShown) break;
            finding_.attempts.push_back({one.state, walk(one.path, certain_.path)});
        }
    }

    using Effect = std::tuple<Kind, int64_t, std::optional<int64_t>, std::string, std::string,
                              std::map<std::string, int64_t>>;

    const Model& model_;
    const std::vector<const Operation*>& operations_;
    const Limits& limits_;
    const SteadyClock::time_point deadline_;
    const Mode mode_;

    std::vector<size_t> slot_of_;
    std::vector<size_t> free_;
    std::vector<size_t> observers_, changes_, unknown_;  // open; of known outcome, and of unknown
    std::map<Effect, size_t> twins_;                     // the one invoked last
    std::map<size_t, size_t> earlier_twin_;              // itself: it has none

    std::vector<PathNode> path_;
    Explanations explanations_;
    Explanations seen_;  // within one return
    std::vector<Explanation> stack_;
    Explanation certain_;  // the last that was alone
    size_t ticks_ = 0;
    size_t steps_ = 0;
    size_t pushed_ = 0;
    Finding finding_;
};

// From cheap to complete. Only the last one's failure proves anything.
std::vector<Mode> modes_for(const Model& model, const std::vector<const Operation*>& operations) {
    constexpr size_t kAny = kSlots;
    const bool has_unknown = std::any_of(operations.begin(), operations.end(), [](const Operation* one) {
        return one->outcome == Outcome::kUnknown;
    });
    if (model.lazy_is_complete()) {
        if (!has_unknown) return {{true, kAny}};
        return {{true, 1}, {true, 3}, {true, kAny}};
    }
    return {{true, 1}, {true, 2}, {true, 4}, {true, 8}, {false, 0}};
}

}  // namespace

Finding search(const Model& model, const State& initial, const std::vector<const Operation*>& operations,
               const Limits& limits) {
    const auto deadline = SteadyClock::now() + limits.time;
    Finding finding;
    for (const Mode mode : modes_for(model, operations)) {
        finding = Search(model, initial, operations, limits, deadline, mode).run();
        if (finding.verdict == Verdict::kLinearizable) break;
    }
    return finding;
}

}  // namespace checker
