// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What one batch wrote, in order: enough to repeat it elsewhere without its domain logic.
//
// A store numbers its batches from 1 and keeps the number of the last one beside the rows, in the same
// transaction. A replicated store sends the write set to its followers, and recognises by the number which of
// its own batches the log has confirmed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace store {

struct WrittenRow {
    std::string table;
    std::string key;
    std::optional<std::string> value;  // none: erased
};

class WriteSet {
 public:
    void put(std::string_view table, std::string_view key, std::string_view value) {
        bytes_ += kRowOverhead + table.size() + key.size() + value.size();
        rows_.push_back({std::string(table), std::string(key), std::string(value)});
    }
    void erase(std::string_view table, std::string_view key) {
        bytes_ += kRowOverhead + table.size() + key.size();
        rows_.push_back({std::string(table), std::string(key), std::nullopt});
    }

    bool empty() const { return rows_.empty(); }
    size_t bytes() const { return bytes_; }  // about what it takes as an entry of a log
    const std::vector<WrittenRow>& rows() const { return rows_; }

    uint64_t batch_id = 0;

 private:
    static constexpr size_t kRowOverhead = 12;  // three lengths
    std::vector<WrittenRow> rows_;
    size_t bytes_ = 0;
};

}  // namespace store
