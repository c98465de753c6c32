// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Rows of a CSV text: fields apart by comma, semicolon or tab, whichever the first row has most of, and in
// double quotes where they hold one of these ("Old Town, north"; "" for a quotation mark). A row is a line. A
// byte order mark, empty lines and lines that begin with # are skipped. The text outlives the reader.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace cbc {

class CsvReader {
 public:
    explicit CsvReader(std::string_view text);

    // Goes to the next row; false: there is none.
    bool next();
    size_t line() const { return line_; }  // of the row, 1-based
    char separator() const { return separator_; }
    // A quotation mark is left open, text stands behind a closing one, or there are more than kFieldsMax
    // fields.
    bool broken() const { return broken_; }
    // Valid until next().
    const std::vector<std::string_view>& fields() const { return fields_; }

    static constexpr size_t kFieldsMax = 64;

 private:
    void split(std::string_view line);
    // Takes a field from the front of the line; false: it is broken.
    bool take_quoted(std::string_view& line);

    std::string_view rest_;
    size_t line_ = 0;
    char separator_ = 0;  // 0: not known yet
    bool broken_ = false;
    std::vector<std::string_view> fields_;
    std::vector<std::string> unquoted_;  // what fields_ shows of quoted fields
};

}  // namespace cbc
