// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/base/money.h"

#include <algorithm>
#include <limits>

namespace base {
namespace {

// GCC's 128-bit integer; __extension__ because ISO C++ has none.
__extension__ using Wide = __int128;

Error overflow(std::string_view what) {
    return {ErrorKind::kLimit, std::string(what) + ": the amount does not fit in 64 bits of minor units"};
}

Error mixed(const Currency& a, const Currency& b) {
    return invalid("amounts in " + std::string(a.code()) + " and " + std::string(b.code()) +
                   " cannot be combined");
}

}  // namespace

Result<Currency> Currency::parse(std::string_view code) {
    const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (code.size() != 3 || !std::all_of(code.begin(), code.end(), capital))
        return invalid("\"" + std::string(code) +
                       "\" is not a currency; use three capital letters such as EUR");
    return Currency({code[0], code[1], code[2]});
}

Result<MoneyMinor> MoneyMinor::plus(const MoneyMinor& other) const {
    if (!(currency_ == other.currency_)) return mixed(currency_, other.currency_);
    int64_t sum = 0;
    if (__builtin_add_overflow(minor_, other.minor_, &sum)) return overflow("sum");
    return MoneyMinor(sum, currency_);
}

Result<MoneyMinor> MoneyMinor::minus(const MoneyMinor& other) const {
    if (!(currency_ == other.currency_)) return mixed(currency_, other.currency_);
    int64_t difference = 0;
    if (__builtin_sub_overflow(minor_, other.minor_, &difference)) return overflow("difference");
    return MoneyMinor(difference, currency_);
}

Result<MoneyMinor> MoneyMinor::times(int64_t factor) const {
    int64_t product = 0;
    if (__builtin_mul_overflow(minor_, factor, &product)) return overflow("product");
    return MoneyMinor(product, currency_);
}

Result<MoneyMinor> MoneyMinor::scaled_half_away_from_zero(int64_t numerator, int64_t denominator) const {
    if (denominator <= 0) return invalid("the denominator must be positive");
    const Wide product = static_cast<Wide>(minor_) * numerator;
    const Wide half = denominator / 2 + denominator % 2;  // an odd denominator never ties
    const Wide magnitude = product < 0 ? -product : product;
    Wide rounded = magnitude / denominator;
    if (magnitude % denominator >= half) ++rounded;
    if (product < 0) rounded = -rounded;
    if (rounded > std::numeric_limits<int64_t>::max() || rounded < std::numeric_limits<int64_t>::min())
        return overflow("scaled amount");
    return MoneyMinor(static_cast<int64_t>(rounded), currency_);
}

}  // namespace base
