// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Operations of a history, written down by hand: Made history; history.write(10, 20, 5); history.read(30, 40,
// 5).
#pragma once

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/cluster/checker/search.h"

namespace checker {

class Made {
 public:
    using Value = std::optional<int64_t>;
    static constexpr int64_t kUnknown = kNever;  // as the time of return

    Operation& add(Kind kind, int64_t invoked, int64_t returned) {
        Operation& one = operations_.emplace_back();
        one.id = operations_.size();
        one.process = static_cast<int64_t>(operations_.size());
        one.node = "a";
        one.kind = kind;
        one.invoked = invoked;
        one.returned = returned;
        one.outcome = returned == kUnknown ? Outcome::kUnknown : Outcome::kOk;
        return one;
    }
    void write(int64_t invoked, int64_t returned, int64_t value) {
        add(Kind::kRegisterWrite, invoked, returned).value = value;
    }
    void read(int64_t invoked, int64_t returned, Value value) {
        add(Kind::kRegisterRead, invoked, returned).result = value;
    }
    Operation& cas(int64_t invoked, int64_t returned, Value from, int64_t to) {
        Operation& one = add(Kind::kRegisterCas, invoked, returned);
        one.from = from;
        one.value = to;
        return one;
    }
    void cas_refused(int64_t invoked, int64_t returned, Value from, int64_t to) {
        refuse(cas(invoked, returned, from, to), "cas-mismatch");
    }
    void count(int64_t invoked, int64_t returned, int64_t by, Value result = {}) {
        Operation& one = add(Kind::kCounterAdd, invoked, returned);
        one.value = by;
        one.result = result;
    }
    void count_read(int64_t invoked, int64_t returned, Value value) {
        add(Kind::kCounterRead, invoked, returned).result = value;
    }
    void bank(int64_t invoked, int64_t returned, std::map<std::string, int64_t> accounts) {
        add(Kind::kBankCreate, invoked, returned).accounts = std::move(accounts);
    }
    void bank_read(int64_t invoked, int64_t returned, std::map<std::string, int64_t> accounts) {
        add(Kind::kBankRead, invoked, returned).accounts = std::move(accounts);
    }
    Operation& transfer(int64_t invoked, int64_t returned, std::string payer, std::string payee,
                        int64_t amount) {
        Operation& one = add(Kind::kBankTransfer, invoked, returned);
        one.payer = std::move(payer);
        one.payee = std::move(payee);
        one.value = amount;
        return one;
    }
    void transfer_refused(int64_t invoked, int64_t returned, std::string payer, std::string payee,
                          int64_t amount) {
        refuse(transfer(invoked, returned, std::move(payer), std::move(payee), amount), "insufficient");
    }
    void id(int64_t invoked, int64_t returned, Value id = {}) {
        add(Kind::kIdsNew, invoked, returned).result = id;
    }
    void ids_read(int64_t invoked, int64_t returned, std::vector<int64_t> ids) {
        add(Kind::kIdsRead, invoked, returned).ids = std::move(ids);
    }

    // By time of invocation, those that say something.
    std::vector<const Operation*> operations() const {
        std::vector<const Operation*> list;
        for (const Operation& one : operations_)
            if (is_relevant(one)) list.push_back(&one);
        std::stable_sort(list.begin(), list.end(),
                         [](const Operation* a, const Operation* b) { return a->invoked < b->invoked; });
        return list;
    }
    Finding find(const Limits& limits = {}) const {
        const auto list = operations();
        const auto model = make_model(list);
        return search(*model, model->initial(), list, limits);
    }
    Verdict verdict() const { return find().verdict; }
    History history() const {
        History history;
        history.operations.assign(operations_.begin(), operations_.end());
        return history;
    }

    static void refuse(Operation& one, std::string reason) {
        one.outcome = Outcome::kRefused;
        one.reason = std::move(reason);
    }

 private:
    std::list<Operation> operations_;  // where they are stays the same
};

}  // namespace checker
