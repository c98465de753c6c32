// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a register, a counter and a bank of accounts are when only one client uses them at a time.
//
// A model says whether an operation, with the outcome that its client was told, may come next in a state, and
// what the state is then. An operation of unknown outcome may come next where it changes something. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/cluster/checker/history.h"

namespace checker {

// Register: nothing or one value. Counter: one value. Bank: nothing before it is created, then one balance an
// account.
using State = std::vector<int64_t>;

// How far some changes, whichever of them happen, can move each number of a state. Empty: nobody knows.
struct Room {
    std::vector<int64_t> down, up;
};

class Model {
 public:
    virtual ~Model() = default;
    virtual State initial() const = 0;
    // The state after the operation; nothing when it cannot come here (or is of unknown outcome and has no
    // effect here).
    virtual std::optional<State> apply(const State& state, const Operation& operation) const = 0;
    virtual std::string show(const State& state) const = 0;

    // Whether two changes that may come in either order lead to the same state.
    virtual bool commutes() const = 0;
    // As apply() of a change, but without asking whether it may come: some other change may have made room
    // first.
    virtual std::optional<State> force(const State& state, const Operation& operation) const {
        return apply(state, operation);
    }
    // Whether a search that uses a change only where it makes something else possible finds every
    // explanation.
    virtual bool lazy_is_complete() const = 0;
    // Whether the change leads to the same state from every state, so that what came right before it is
    // forgotten.
    virtual bool overwrites(const Operation&) const { return false; }
    // Whether no sequence of changes leads from the state to one in which the operation can come.
    virtual bool hopeless(const State&, const Operation&) const { return false; }
    // The room that one change gives, and whether the operation may come in a state that is within so much of
    // this one.
    virtual Room room_of(const Operation&) const { return {}; }
    virtual bool is_within(const State&, const Operation&, const Room&) const { return true; }
};

// A read, or a refusal: it changes nothing and only tells something about the state.
bool is_observer(const Operation& operation);
// Whether the operation says anything about the object: it was decided, or it is a change that may have
// happened.
bool is_relevant(const Operation& operation);

// For the operations of one object (register, counter or bank), which outlive the model.
std::unique_ptr<Model> make_model(const std::vector<const Operation*>& operations);

}  // namespace checker
