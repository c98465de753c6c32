// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The search against one that tries every order of every choice of unknown changes: thousands of small random
// histories, good and bad. The seeds are fixed.
#include <algorithm>
#include <random>

#include "tests/support/test.h"
#include "tests/unit/checker/made.h"

namespace checker {
namespace {

constexpr int kHistories = 6000;

// Whether the operations not yet used can follow in some order; those of unknown outcome may be left out.
bool any_order(const Model& model, const State& state, const std::vector<const Operation*>& operations,
               uint32_t used) {
    int64_t first_return = kNever;
    for (size_t i = 0; i < operations.size(); ++i)
        if ((used >> i & 1) == 0) first_return = std::min(first_return, operations[i]->returned);
    if (first_return == kNever) return true;  // only unknown ones are left
    for (size_t i = 0; i < operations.size(); ++i) {
        if ((used >> i & 1) != 0 || operations[i]->invoked > first_return) continue;
        const auto next = model.apply(state, *operations[i]);
        if (next && any_order(model, *next, operations, used | 1U << i)) return true;
    }
    return false;
}

class Dice {
 public:
    explicit Dice(unsigned seed) : engine_(seed) {}
    int64_t roll(int64_t sides) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(sides)); }
    bool one_in(int64_t sides) { return roll(sides) == 0; }

 private:
    std::mt19937 engine_;
};

struct Span {
    int64_t invoked, returned;
};
Span span(Dice& dice, bool may_be_unknown) {
    const int64_t invoked = dice.roll(60);
    return {invoked, may_be_unknown && dice.one_in(3) ? Made::kUnknown : invoked + 1 + dice.roll(25)};
}

Made::Value small(Dice& dice) { return dice.one_in(4) ? Made::Value() : Made::Value(dice.roll(3)); }

Made random_register(Dice& dice) {
    Made made;
    for (int64_t left = 3 + dice.roll(5); left > 0; --left) {
        const int64_t which = dice.roll(4);
        const auto [invoked, returned] = span(dice, which < 2);
        if (which == 0) made.write(invoked, returned, dice.roll(3));
        if (which == 1) made.cas(invoked, returned, small(dice), dice.roll(3));
        if (which == 2) made.read(invoked, returned, small(dice));
        if (which == 3) made.cas_refused(invoked, returned, small(dice), 9);
    }
    return made;
}

// What a counter answers when each operation happens at some time of its span; one answer in some histories
// is off by a little, which may or may not be explained otherwise.
Made random_counter(Dice& dice) {
    struct Planned {
        int64_t point;
        Span span;
        int64_t by;  // 0: a read
    };
    std::vector<Planned> plan;
    for (int64_t left = 3 + dice.roll(5); left > 0; --left) {
        const bool adds = dice.roll(5) < 3;
        const Span when = span(dice, adds);
        const int64_t last = std::min(when.returned, when.invoked + 30);
        plan.push_back({when.invoked + dice.roll(last - when.invoked), when, adds ? 1 + dice.roll(3) : 0});
    }
    std::stable_sort(plan.begin(), plan.end(),
                     [](const Planned& a, const Planned& b) { return a.point < b.point; });
    Made made;
    int64_t sum = 0;
    for (const Planned& one : plan) {
        const bool happens = one.span.returned != Made::kUnknown || dice.one_in(2);
        if (happens) sum += one.by;
        const int64_t answer = sum + (dice.one_in(8) ? dice.roll(5) - 2 : 0);
        if (one.by == 0)
            made.count_read(one.span.invoked, one.span.returned, answer);
        else
            made.count(one.span.invoked, one.span.returned, one.by, answer);
    }
    return made;
}

// Mostly what might be read, so that good histories are not rare.
Made random_bank(Dice& dice) {
    Made made;
    made.bank(-2, -1, {{"x", 2}, {"y", 1}});
    for (int64_t left = 2 + dice.roll(5); left > 0; --left) {
        const int64_t which = dice.roll(6);
        const auto [invoked, returned] = span(dice, which < 3);
        const bool there = dice.one_in(2);
        const std::string payer = there ? "x" : "y";
        const std::string payee = there ? "y" : "x";
        const int64_t amount = 1 + dice.roll(3);
        const int64_t x = dice.roll(4);
        if (which < 3) made.transfer(invoked, returned, payer, payee, amount);
        if (which == 3) made.transfer_refused(invoked, returned, payer, payee, amount);
        if (which > 3) made.bank_read(invoked, returned, {{"x", x}, {"y", 3 - x}});
    }
    return made;
}

void agree(Made (*make)(Dice&)) {
    int good = 0;
    for (unsigned seed = 0; seed < kHistories; ++seed) {
        Dice dice(seed);
        const Made made = make(dice);
        const auto operations = made.operations();
        const auto model = make_model(operations);
        const bool expected = any_order(*model, model->initial(), operations, 0);
        const auto found = search(*model, model->initial(), operations, {});
        if (found.verdict != (expected ? Verdict::kLinearizable : Verdict::kViolation))
            CHECK_EQ("seed " + std::to_string(seed), std::string());
        good += expected ? 1 : 0;
    }
    // Both verdicts are well represented, or the comparison would say little.
    CHECK(good > kHistories / 20);
    CHECK(good < kHistories * 19 / 20);
}

void register_verdicts_are_those_of_brute_force() { agree(random_register); }
void counter_verdicts_are_those_of_brute_force() { agree(random_counter); }
void bank_verdicts_are_those_of_brute_force() { agree(random_bank); }

}  // namespace
}  // namespace checker

using namespace checker;
GROUP(search_brute, CASE(register_verdicts_are_those_of_brute_force),
      CASE(counter_verdicts_are_those_of_brute_force), CASE(bank_verdicts_are_those_of_brute_force))
