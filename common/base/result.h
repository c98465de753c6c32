// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Result<T, E>: a value or the reason why there is none. For everything that can fail in operation.
//
// Close to std::expected (C++23). Reading the value of a failed Result, or the error of a good one, is our
// own mistake and ends the process.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "common/base/error.h"

namespace base {

template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const { return state_.index() == 0; }
    T& operator*() & {
        assert(*this);
        return std::get<0>(state_);
    }
    const T& operator*() const& {
        assert(*this);
        return std::get<0>(state_);
    }
    T&& operator*() && {
        assert(*this);
        return std::get<0>(std::move(state_));
    }
    T* operator->() { return &**this; }
    const T* operator->() const { return &**this; }
    const E& error() const {
        assert(!*this);
        return std::get<1>(state_);
    }
    T value_or(T other) && { return *this ? std::get<0>(std::move(state_)) : std::move(other); }

 private:
    std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
    Result() = default;
    Result(E error) : error_(std::move(error)) {}

    explicit operator bool() const { return !error_.has_value(); }
    const E& error() const {
        assert(error_.has_value());
        return *error_;
    }

 private:
    std::optional<E> error_;
};

}  // namespace base
