// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/base/money.h"

#include <limits>

#include "tests/support/test.h"

namespace {

using base::Currency;
using base::MoneyMinor;

MoneyMinor eur(int64_t minor) { return {minor, *Currency::parse("EUR")}; }

void currencies_are_three_capital_letters() {
    CHECK(Currency::parse("EUR"));
    for (const char* wrong : {"", "EU", "eur", "EURO", "E1R"}) CHECK(!Currency::parse(wrong));
}

void sums_and_differences_are_exact() {
    CHECK_EQ(eur(250).plus(eur(1))->minor_units(), 251);
    CHECK_EQ(eur(250).minus(eur(251))->minor_units(), -1);
    CHECK_EQ(eur(-7).times(3)->minor_units(), -21);
}

void overflow_is_an_error() {
    const auto most = std::numeric_limits<int64_t>::max();
    CHECK(!eur(most).plus(eur(1)));
    CHECK(!eur(std::numeric_limits<int64_t>::min()).minus(eur(1)));
    CHECK(!eur(most).times(2));
    CHECK(!eur(most).scaled_half_away_from_zero(2, 1));
    CHECK_EQ(eur(most).scaled_half_away_from_zero(3, 3)->minor_units(), most);
}

void currencies_do_not_mix() {
    const MoneyMinor usd{1, *Currency::parse("USD")};
    CHECK(!eur(1).plus(usd));
    CHECK(!eur(1).minus(usd));
    CHECK(!(eur(1) == usd));
}

void scaling_rounds_half_away_from_zero() {
    struct Row {
        int64_t amount, numerator, denominator, result;
    };
    for (const Row& row : {Row{5, 1, 2, 3}, Row{-5, 1, 2, -3}, Row{5, -1, 2, -3}, Row{4, 1, 3, 1},
                           Row{5, 1, 3, 2}, Row{-4, 1, 3, -1}, Row{-5, 1, 3, -2}, Row{7, 1, 5, 1},
                           Row{8, 1, 5, 2}, Row{0, 9, 7, 0}, Row{1, 1, 1, 1}})
        CHECK_EQ(eur(row.amount).scaled_half_away_from_zero(row.numerator, row.denominator)->minor_units(),
                 row.result);
    CHECK(!eur(1).scaled_half_away_from_zero(1, 0));
    CHECK(!eur(1).scaled_half_away_from_zero(1, -2));
}

}  // namespace

GROUP(money, CASE(currencies_are_three_capital_letters), CASE(sums_and_differences_are_exact),
      CASE(overflow_is_an_error), CASE(currencies_do_not_mix), CASE(scaling_rounds_half_away_from_zero))
