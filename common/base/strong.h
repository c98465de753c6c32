// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Strong identifiers: a number or a string that cannot be taken for another one.
//
//     using SerialNumber = base::Strong<struct SerialNumberTag, uint16_t>;  // TS 23.041 §9.4.1.2.1
//
// Parse at the border, pass the type.
#pragma once

#include <compare>
#include <functional>
#include <ostream>
#include <utility>

namespace base {

template <class Tag, class T>
class Strong {
 public:
    using Value = T;

    constexpr Strong() = default;
    constexpr explicit Strong(T value) : value_(std::move(value)) {}
    constexpr const T& value() const { return value_; }
    friend constexpr auto operator<=>(const Strong&, const Strong&) = default;
    friend constexpr bool operator==(const Strong&, const Strong&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Strong& strong) { return out << strong.value_; }

 private:
    T value_{};
};

}  // namespace base

template <class Tag, class T>
struct std::hash<base::Strong<Tag, T>> {
    std::size_t operator()(const base::Strong<Tag, T>& strong) const noexcept {
        return std::hash<T>{}(strong.value());
    }
};
