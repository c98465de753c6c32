// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/csv.h"

#include "tests/support/test.h"

namespace {

std::vector<std::vector<std::string>> rows_of(std::string_view text) {
    cbc::CsvReader reader(text);
    std::vector<std::vector<std::string>> rows;
    while (reader.next()) {
        CHECK(!reader.broken());
        rows.emplace_back(reader.fields().begin(), reader.fields().end());
    }
    return rows;
}

void the_first_row_says_what_parts_the_fields() {
    const std::vector<std::vector<std::string>> expected{{"a", "b"}, {"1", "2"}};
    CHECK(rows_of("a,b\n1,2\n") == expected);
    CHECK(rows_of("a;b\r\n1;2\r\n") == expected);
    CHECK(rows_of("a\tb\n1\t2") == expected);
    CHECK(rows_of("a;b\n1,5;2\n")[1][0] == "1,5");
}

void remarks_and_empty_lines_count_as_lines_only() {
    cbc::CsvReader reader("\xef\xbb\xbf# head\n\na,b\n\n1,2\n");
    CHECK(reader.next());
    CHECK_EQ(reader.line(), 3U);
    CHECK(reader.next());
    CHECK_EQ(reader.line(), 5U);
    CHECK(!reader.next());
}

void quotation_marks_hold_a_field_together() {
    const auto rows = rows_of("a,b,c\n\"x, y\",\"say \"\"z\"\"\",\n,\"\",\"\"\"\"\n");
    CHECK((rows[1] == std::vector<std::string>{"x, y", "say \"z\"", ""}));
    CHECK((rows[2] == std::vector<std::string>{"", "", "\""}));
    CHECK((rows_of("a,b\n5\" pipe,2\n")[1] == std::vector<std::string>{"5\" pipe", "2"}));
}

void what_cannot_be_parted_is_broken() {
    for (const char* row : {"\"open,2", "\"shut\"x,2", "\"a\"\"", "\""}) {
        const std::string text = std::string("a,b\n") + row + "\n3,4\n";
        cbc::CsvReader reader(text);
        CHECK(reader.next() && reader.next());
        CHECK(reader.broken());
        CHECK(reader.next() && !reader.broken());
    }
    const std::string wide(cbc::CsvReader::kFieldsMax, ',');
    cbc::CsvReader reader(wide);
    CHECK(reader.next() && reader.broken());
    const std::string fits(cbc::CsvReader::kFieldsMax - 1, ',');
    cbc::CsvReader good(fits);
    CHECK(good.next() && !good.broken());
    CHECK_EQ(good.fields().size(), cbc::CsvReader::kFieldsMax);
}

}  // namespace

GROUP(csv, CASE(the_first_row_says_what_parts_the_fields), CASE(remarks_and_empty_lines_count_as_lines_only),
      CASE(quotation_marks_hold_a_field_together), CASE(what_cannot_be_parted_is_broken))
