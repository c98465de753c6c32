// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Money in minor units of one currency ("1 234 EUR cents"), exact. No floating point, no implicit conversion;
// arithmetic that overflows or mixes currencies is an error and never a wrong number.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace base {

// ISO 4217 alphabetic code: three capital letters.
class Currency {
 public:
    static Result<Currency> parse(std::string_view code);
    std::string_view code() const { return {letters_.data(), letters_.size()}; }
    friend bool operator==(const Currency&, const Currency&) = default;

 private:
    explicit Currency(std::array<char, 3> letters) : letters_(letters) {}
    std::array<char, 3> letters_;
};

class MoneyMinor {
 public:
    MoneyMinor(int64_t minor_units, Currency currency) : minor_(minor_units), currency_(currency) {}

    int64_t minor_units() const { return minor_; }
    const Currency& currency() const { return currency_; }

    Result<MoneyMinor> plus(const MoneyMinor& other) const;
    Result<MoneyMinor> minus(const MoneyMinor& other) const;
    Result<MoneyMinor> times(int64_t factor) const;
    // this × numerator ÷ denominator, rounded half away from zero (commercial rounding): 2.5 → 3, -2.5 → -3.
    // The product is taken in 128 bits, so only the result can overflow. REQUIRES denominator > 0, else
    // kInvalid.
    Result<MoneyMinor> scaled_half_away_from_zero(int64_t numerator, int64_t denominator) const;

    friend bool operator==(const MoneyMinor&, const MoneyMinor&) = default;

 private:
    int64_t minor_;
    Currency currency_;
};

}  // namespace base
