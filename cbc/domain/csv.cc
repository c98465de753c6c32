// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/csv.h"

#include <algorithm>

namespace cbc {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

char separator_of(std::string_view line) {
    char best = ',';
    for (const char candidate : {';', '\t'})
        if (std::count(line.begin(), line.end(), candidate) > std::count(line.begin(), line.end(), best))
            best = candidate;
    return best;
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
    unquoted_.reserve(kFieldsMax);  // fields_ points into it
}

bool CsvReader::next() {
    while (!rest_.empty()) {
        const size_t end = rest_.find('\n');
        std::string_view line = rest_.substr(0, end);
        rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
        ++line_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        if (separator_ == 0) separator_ = separator_of(line);
        split(line);
        return true;
    }
    return false;
}

void CsvReader::split(std::string_view line) {
    fields_.clear();
    unquoted_.clear();
    broken_ = false;
    for (;;) {
        if (fields_.size() == kFieldsMax) broken_ = true;
        if (broken_) return;
        if (line.starts_with('"')) {
            broken_ = !take_quoted(line);
            if (broken_) return;
        } else {
            const size_t end = std::min(line.find(separator_), line.size());
            fields_.push_back(line.substr(0, end));
            line.remove_prefix(end);
        }
        if (line.empty()) return;
        line.remove_prefix(1);
    }
}

bool CsvReader::take_quoted(std::string_view& line) {
    std::string field;
    line.remove_prefix(1);
    for (;;) {
        const size_t end = line.find('"');
        if (end == std::string_view::npos) return false;
        field += line.substr(0, end);
        line.remove_prefix(end + 1);
        if (!line.starts_with('"')) break;
        field += '"';
        line.remove_prefix(1);
    }
    unquoted_.push_back(std::move(field));
    fields_.emplace_back(unquoted_.back());
    return line.empty() || line.front() == separator_;
}

}  // namespace cbc
