// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/model.h"

#include <algorithm>
#include <map>

namespace checker {
namespace {

bool is_refused(const Operation& operation) { return operation.outcome == Outcome::kRefused; }

State to_state(const std::optional<int64_t>& value) { return value ? State{*value} : State{}; }

class RegisterModel final : public Model {
 public:
    State initial() const override { return {}; }

    std::optional<State> apply(const State& state, const Operation& operation) const override {
        switch (operation.kind) {
            case Kind::kRegisterWrite:
                return State{operation.value};
            case Kind::kRegisterRead:
                if (state == to_state(operation.result)) return state;
                return std::nullopt;
            case Kind::kRegisterCas:
                return cas(state, operation);
            default:
                return std::nullopt;  // belongs to another object
        }
    }

    std::string show(const State& state) const override {
        return state.empty() ? "nothing" : std::to_string(state.front());
    }
    bool commutes() const override { return false; }
    bool lazy_is_complete() const override { return true; }
    bool overwrites(const Operation& operation) const override {
        return operation.kind == Kind::kRegisterWrite;
    }

 private:
    static std::optional<State> cas(const State& state, const Operation& operation) {
        const bool fits = state == to_state(operation.from);
        if (is_refused(operation)) return fits ? std::nullopt : std::optional(state);
        return fits ? std::optional(State{operation.value}) : std::nullopt;
    }
};

// Amounts added are positive (the workload sees to it; hopeless() asks for it).
class CounterModel final : public Model {
 public:
    explicit CounterModel(const std::vector<const Operation*>& operations)
        : only_grows_(std::all_of(operations.begin(), operations.end(),
                                  [](const Operation* one) { return one->value >= 0; })) {}

    State initial() const override { return {0}; }

    std::optional<State> apply(const State& state, const Operation& operation) const override {
        if (operation.kind == Kind::kCounterRead) {
            if (state.front() == operation.result.value_or(0)) return state;  // nobody has added to it yet
            return std::nullopt;
        }
        int64_t sum = 0;
        if (__builtin_add_overflow(state.front(), operation.value, &sum)) return std::nullopt;
        if (operation.outcome == Outcome::kOk && operation.result != sum) return std::nullopt;
        return State{sum};
    }

    std::string show(const State& state) const override { return std::to_string(state.front()); }
    bool commutes() const override { return true; }
    bool lazy_is_complete() const override { return true; }
    bool hopeless(const State& state, const Operation& wanted) const override {
        if (!only_grows_ || wanted.outcome != Outcome::kOk) return false;
        const int64_t before = wanted.kind == Kind::kCounterAdd ? wanted.value : 0;
        return state.front() > wanted.result.value_or(0) - before;
    }

 private:
    const bool only_grows_;
};

class BankModel final : public Model {
 public:
    explicit BankModel(const std::vector<const Operation*>& operations) {
        for (const Operation* one : operations) {
            if (one->kind != Kind::kBankCreate) continue;
            for (const auto& [name, balance] : one->accounts) index_.emplace(name, 0);
        }
        size_t next = 0;
        for (auto& [name, index] : index_) index = next++;
    }

    State initial() const override { return {}; }

    std::optional<State> apply(const State& state, const Operation& operation) const override {
        switch (operation.kind) {
            case Kind::kBankCreate:
                return balances(operation.accounts);
            case Kind::kBankRead:
                if (state.empty() ? operation.accounts.empty() : balances(operation.accounts) == state)
                    return state;
                return std::nullopt;
            case Kind::kBankTransfer:
                return transfer(state, operation);
            default:
                return std::nullopt;  // belongs to another object
        }
    }

    std::string show(const State& state) const override {
        std::string text;
        for (const auto& [name, index] : index_) {
            if (index < state.size())
                text += (text.empty() ? "" : " ") + name + "=" + std::to_string(state[index]);
        }
        return text.empty() ? "no bank" : text;
    }
    bool commutes() const override { return true; }
    // Money may have to come in before it can go out again, which a lazy search may miss.
    bool lazy_is_complete() const override { return false; }

    std::optional<State> force(const State& state, const Operation& operation) const override {
        if (operation.kind == Kind::kBankTransfer) return moved(state, operation);
        return apply(state, operation);
    }

    Room room_of(const Operation& operation) const override {
        Room room{State(index_.size()), State(index_.size())};
        const auto payer = index_.find(operation.payer);
        const auto payee = index_.find(operation.payee);
        if (operation.kind != Kind::kBankTransfer || payer == index_.end() || payee == index_.end())
            return {};
        room.down[payer->second] = operation.value;
        room.up[payee->second] = operation.value;
        return room;
    }

    bool is_within(const State& state, const Operation& operation, const Room& room) const override {
        if (state.empty() || room.up.size() != state.size()) return true;
        if (operation.kind == Kind::kBankTransfer) {
            const auto payer = index_.find(operation.payer);
            if (payer == index_.end()) return false;
            const int64_t balance = state[payer->second];
            return is_refused(operation) ? balance - room.down[payer->second] < operation.value
                                         : balance + room.up[payer->second] >= operation.value;
        }
        const auto wanted = balances(operation.accounts);
        if (!wanted) return false;
        for (size_t i = 0; i < state.size(); ++i)
            if ((*wanted)[i] > state[i] + room.up[i] || (*wanted)[i] < state[i] - room.down[i]) return false;
        return true;
    }

 private:
    // Nothing when an account is missing or nobody created it.
    std::optional<State> balances(const std::map<std::string, int64_t>& accounts) const {
        if (accounts.size() != index_.size()) return std::nullopt;
        State state(index_.size());
        for (const auto& [name, balance] : accounts) {
            const auto found = index_.find(name);
            if (found == index_.end()) return std::nullopt;
            state[found->second] = balance;
        }
        return state;
    }

    std::optional<State> transfer(const State& state, const Operation& operation) const {
        const auto payer = index_.find(operation.payer);
        if (state.empty() || payer == index_.end()) return std::nullopt;
        const bool sufficient = state[payer->second] >= operation.value;
        if (is_refused(operation)) return sufficient ? std::nullopt : std::optional(state);
        return sufficient ? moved(state, operation) : std::nullopt;
    }

    std::optional<State> moved(State state, const Operation& operation) const {
        const auto payer = index_.find(operation.payer);
        const auto payee = index_.find(operation.payee);
        if (state.empty() || payer == index_.end() || payee == index_.end()) return std::nullopt;
        state[payer->second] -= operation.value;
        state[payee->second] += operation.value;
        return state;
    }

    std::map<std::string, size_t> index_;
};

}  // namespace

bool is_observer(const Operation& operation) { return is_read(operation.kind) || is_refused(operation); }

bool is_relevant(const Operation& operation) {
    switch (operation.outcome) {
        case Outcome::kOk:
            return true;
        case Outcome::kNotLeader:
            return false;
        case Outcome::kUnknown:
            return !is_read(operation.kind);
        case Outcome::kRefused:
            break;
    }
    // Other refusals (a limit, a form) say nothing about the state.
    return (operation.kind == Kind::kRegisterCas && operation.reason == "cas-mismatch") ||
           (operation.kind == Kind::kBankTransfer && operation.reason == "insufficient");
}

std::unique_ptr<Model> make_model(const std::vector<const Operation*>& operations) {
    const auto type = operations.empty() ? "register" : object_type(operations.front()->kind);
    if (type == "counter") return std::make_unique<CounterModel>(operations);
    if (type == "bank") return std::make_unique<BankModel>(operations);
    return std::make_unique<RegisterModel>();
}

}  // namespace checker
