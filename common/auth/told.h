// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A change that answers a value or a Refusal, and what its caller is told after it is durable: the value, why
// not, or that the store did not take it (any outcome but kOk).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "common/auth/refusal.h"
#include "common/store/store.h"

namespace auth {

// Exactly one of the three.
template <class T>
struct Told {
    std::optional<T> value = {};
    std::optional<Refusal> refusal = {};
    std::optional<store::Done> not_taken = {};
};

template <class T>
void submit(store::Store& store, std::function<Answer<T>(store::Transaction&)> change,
            std::function<void(const Told<T>&)> tell) {
    struct Slot {
        std::optional<Answer<T>> answer;
    };
    auto slot = std::make_shared<Slot>();  // written on the store thread, read when the batch is done
    store.submit(
        [slot, change = std::move(change)](store::Transaction& txn) -> base::Result<void> {
            slot->answer.emplace(change(txn));
            if (*slot->answer || is_written(slot->answer->error().code)) return {};
            return base::refused(slot->answer->error().text);
        },
        [slot, tell = std::move(tell)](const store::Done& done) {
            using store::Outcome;
            const bool lost = done.outcome == Outcome::kUnknown || done.outcome == Outcome::kNotLeader;
            Told<T> told;
            if (lost || !slot->answer)
                told.not_taken = done;
            else if (!*slot->answer &&
                     (done.outcome == Outcome::kOk || !is_written(slot->answer->error().code)))
                told.refusal = slot->answer->error();
            else if (done.outcome != Outcome::kOk)
                told.not_taken = done;
            else
                told.value = **slot->answer;
            tell(told);
        });
}

}  // namespace auth
