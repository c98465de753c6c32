// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/search.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <tuple>
#include <unordered_set>

namespace checker {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr size_t kSlots = 512;  // operations open at once
constexpr size_t kAttemptsShown = 3;
constexpr size_t kSaveEvery = 8;  // events
constexpr size_t kSavedMost = 64;
// How many events to go back when stuck, and with how many doubtful changes in a chain to go on from there.
constexpr std::array<std::pair<size_t, size_t>, 9> kRetreats{
    {{8, 1}, {32, 1}, {8, 2}, {128, 1}, {32, 2}, {256, 1}, {128, 2}, {32, 3}, {8, 4}}};
constexpr size_t kOrdersTried = 1000;  // of one chain
constexpr uint32_t kNothing = 0;       // a path's beginning

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
// chains with at most so many doubtful changes. Hasty: with as few as let the next return be placed, without
// a look at what else more of them would allow.
struct Mode {
    bool lazy;
    size_t doubtful_first;
    size_t doubtful;  // at most
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
        const auto events = events_of(operations_);
        for (size_t i = 0; i < events.size(); ++i) {
            if (may_retreat() && i % kSaveEvery == 0) save(i);
            doubtful_first_ = i < wide_until_ ? wide_ : mode_.doubtful_first;
            if (events[i].is_return)
                on_return(events[i].operation);
            else
                on_invoke(events[i].operation);
            if (finding_.verdict == Verdict::kViolation && may_retreat() && retreat(i)) continue;
            if (finding_.verdict != Verdict::kLinearizable) break;
            if (explanations_.size() == 1) certain_ = *explanations_.begin();
        }
        finding_.steps = steps_;
        return std::move(finding_);
    }

 private:
    using Effect = std::tuple<Kind, int64_t, std::optional<int64_t>, std::string, std::string,
                              std::map<std::string, int64_t>>;

    struct PathNode {
        uint32_t operation;
        uint32_t parent;
    };

    // What it takes to go on from an earlier event.
    struct Saved {
        size_t event;
        std::vector<size_t> free, observers, changes, unknown;
        std::map<Effect, size_t> twins;
        Explanations explanations;
        Explanation certain;
        size_t path;
    };

    // A search that may have missed an explanation earlier on looks again, more widely.
    bool may_retreat() const { return !tries_all_changes(); }

    void save(size_t event) {
        if (!saved_.empty() && saved_.back().event >= event) return;
        saved_.push_back(
            {event, free_, observers_, changes_, unknown_, twins_, explanations_, certain_, path_.size()});
        if (saved_.size() > kSavedMost) saved_.pop_front();
    }

    bool retreat(size_t& event) {
        retreats_ = event > stuck_at_ ? 0 : retreats_ + 1;
        stuck_at_ = std::max(event, stuck_at_);
        if (retreats_ == kRetreats.size()) return false;
        const auto [back, wide] = kRetreats[retreats_];
        while (saved_.size() > 1 && saved_.back().event + back > event) saved_.pop_back();
        const Saved& saved = saved_.back();
        free_ = saved.free;
        observers_ = saved.observers;
        changes_ = saved.changes;
        unknown_ = saved.unknown;
        twins_ = saved.twins;
        explanations_ = saved.explanations;
        certain_ = saved.certain;
        path_.resize(saved.path);
        finding_ = {};
        wide_ = wide;
        wide_until_ = stuck_at_ + kSaveEvery;
        event = saved.event - 1;  // the loop goes on with the next
        return true;
    }

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
        if (seen_.insert(one).second) stack_.push_back(std::move(one));
    }

    void on_return(size_t index) {
        Explanations next;
        most_doubtful_ = doubtful_first_;
        while (true) {
            next = explanations_after(index);
            if (finding_.verdict == Verdict::kUndecided) return;
            if (!next.empty()) break;
            if (most_doubtful_ >= mode_.doubtful) return violation(index);
            most_doubtful_ = most_doubtful_ < 4 ? most_doubtful_ + 1 : 2 * most_doubtful_;
        }
        explanations_ = std::move(next);
        std::erase(changes_, index);
        std::erase(observers_, index);
        free_.push_back(slot_of_[index]);
    }

    Explanations explanations_after(size_t index) {
        Explanations next;
        seen_.clear();
        stack_.clear();
        prepare_pool();
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
        return next;
    }

    // What chains are made of, the sure changes first; and how far all from one place on can move the state.
    void prepare_pool() {
        pool_.clear();
        if (!tries_all_changes()) pool_ = changes_;
        pool_.insert(pool_.end(), unknown_.begin(), unknown_.end());
        std::stable_partition(pool_.begin(), pool_.end(),
                              [&](size_t index) { return !is_doubtful(operation(index)); });
        bool knows_room = true;
        sure_room_.assign(pool_.size() + 1, {});
        doubtful_room_.assign(pool_.size() + 1, {});
        for (size_t i = pool_.size(); i > 0; --i) {
            const Operation& one = operation(pool_[i - 1]);
            const Room room = model_.room_of(one);
            knows_room = knows_room && !room.up.empty();
            sure_room_[i - 1] = sure_room_[i];
            doubtful_room_[i - 1] = doubtful_room_[i];
            if (is_doubtful(one))
                widen(doubtful_room_[i - 1], room, [](int64_t a, int64_t b) { return std::max(a, b); });
            else
                widen(sure_room_[i - 1], room, [](int64_t a, int64_t b) { return a + b; });
        }
        if (knows_room) return;
        sure_room_.assign(pool_.size() + 1, {});
        doubtful_room_ = sure_room_;
    }

    template <class Join>
    static void widen(Room& room, const Room& by, Join join) {
        room.down.resize(std::max(room.down.size(), by.down.size()));
        room.up.resize(room.down.size());
        for (size_t i = 0; i < by.up.size(); ++i) {
            room.down[i] = join(room.down[i], by.down[i]);
            room.up[i] = join(room.up[i], by.up[i]);
        }
    }

    // Room of what is left of the pool when so many doubtful changes may still be used.
    Room room_left(size_t from, size_t doubtful) const {
        Room room = sure_room_[from];
        const auto times = static_cast<int64_t>(std::min(doubtful, pool_.size()));
        widen(room, doubtful_room_[from], [&](int64_t sure, int64_t one) { return sure + times * one; });
        return room;
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
        const bool all_changes = tries_all_changes();
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
        std::vector<size_t> needy = cannot_come(one, wanted, all_changes);
        if (wants_change && !comes_at_once && !all_changes) needy.push_back(wanted);
        if (needy.empty()) return;
        chain_begin_ = one;
        chain(one, wanted, needy, {});
    }

    // Or only where they help, like unknown ones.
    bool tries_all_changes() const { return !mode_.lazy || model_.lazy_is_complete(); }

    // The open operations of known outcome that cannot come next, and for which a chain is worth looking for.
    // Where the search cannot be complete anyway: not for refusals that are not yet due, which almost any
    // chain would allow.
    std::vector<size_t> cannot_come(const Explanation& one, size_t wanted, bool is_complete) const {
        std::vector<size_t> needy;
        for (const size_t index : observers_) {
            const bool is_due = is_complete || index == wanted || is_read(operation(index).kind);
            if (is_due && !is_placed(one, index)) needy.push_back(index);
        }
        if (!is_complete) return needy;
        for (const size_t index : changes_)
            if (!is_placed(one, index) && !model_.apply(one.state, operation(index))) needy.push_back(index);
        return needy;
    }

    struct Chain {
        size_t from = 0;  // where in the pool to go on
        size_t length = 0;
        size_t doubtful = 0;  // among them
    };

    void chain(const Explanation& one, size_t wanted, const std::vector<size_t>& needy, Chain so_far) {
        if (model_.commutes()) {
            const Room room = room_left(so_far.from, most_doubtful_ - so_far.doubtful);
            if (!room.up.empty() && !any_within(one.state, needy, room)) return;
        }
        for (size_t i = so_far.from; i < pool_.size() && !over_limit(); ++i) {
            const size_t index = pool_[i];
            if (index == wanted || is_placed(one, index) || waits_for_twin(one, index)) continue;
            if (so_far.length > 0 && model_.overwrites(operation(index))) continue;
            const size_t doubtful = so_far.doubtful + (is_doubtful(operation(index)) ? 1 : 0);
            if (doubtful > most_doubtful_) continue;
            const auto state = model_.force(one.state, operation(index));
            if (!state || model_.hopeless(*state, operation(wanted))) continue;
            Explanation next{one.placed, *state, one.path};
            next.placed.add(slot_of_[index]);
            links_.push_back(index);
            ++steps_;
            if (helps(next.state, needy)) push_chain();
            // The order within a chain of changes that commute does not matter: only ascending ones.
            chain(next, wanted, needy, {model_.commutes() ? i + 1 : 0, so_far.length + 1, doubtful});
            links_.pop_back();
        }
    }

    // The chain's changes were looked at without their conditions: finds an order in which each may come.
    void push_chain() {
        size_t tries = kOrdersTried;
        auto rest = links_;
        push_in_order(chain_begin_, rest, tries);
    }

    bool push_in_order(const Explanation& one, std::vector<size_t>& rest, size_t& tries) {
        if (rest.empty()) {
            push(one);
            return true;
        }
        for (size_t i = 0; i < rest.size() && tries > 0; ++i, --tries) {
            const size_t index = rest[i];
            const auto next = with(one, index);
            if (!next) continue;
            rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
            if (push_in_order(*next, rest, tries)) return true;
            rest.insert(rest.begin() + static_cast<std::ptrdiff_t>(i), index);
        }
        return false;
    }

    bool any_within(const State& state, const std::vector<size_t>& needy, const Room& room) const {
        return std::any_of(needy.begin(), needy.end(),
                           [&](size_t other) { return model_.is_within(state, operation(other), room); });
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
    std::vector<size_t> pool_;   // within one return
    std::vector<size_t> links_;  // of the chain under way, which begins there
    Explanation chain_begin_;
    std::vector<Room> sure_room_, doubtful_room_;
    size_t most_doubtful_ = 0;  // in a chain, now
    Explanation certain_;       // the last that was alone
    std::deque<Saved> saved_;
    size_t stuck_at_ = 0;  // the event
    size_t retreats_ = 0;  // from there
    size_t wide_ = 0;      // as doubtful_first_, until event wide_until_
    size_t wide_until_ = 0;
    size_t doubtful_first_ = 0;
    size_t ticks_ = 0;
    size_t steps_ = 0;
    Finding finding_;
};

// From cheap to complete. Only the last one's failure proves anything.
std::vector<Mode> modes_for(const Model& model, const std::vector<const Operation*>& operations) {
    constexpr size_t kAny = kSlots;
    const bool has_unknown = std::any_of(operations.begin(), operations.end(), [](const Operation* one) {
        return one->outcome == Outcome::kUnknown;
    });
    if (model.lazy_is_complete()) {
        if (!has_unknown) return {{true, kAny, kAny}};
        return {{true, 0, 4}, {true, kAny, kAny}};
    }
    return {{true, 0, 2}, {false, 0, 0}};
}

}  // namespace

Finding search(const Model& model, const State& initial, const std::vector<const Operation*>& operations,
               const Limits& limits) {
    const auto began = SteadyClock::now();
    const auto modes = modes_for(model, operations);
    Finding finding;
    for (size_t i = 0; i < modes.size(); ++i) {
        const auto share = limits.time * static_cast<int64_t>(i + 1) / static_cast<int64_t>(modes.size());
        finding = Search(model, initial, operations, limits, began + share, modes[i]).run();
        if (finding.verdict == Verdict::kLinearizable) break;
    }
    return finding;
}

}  // namespace checker
