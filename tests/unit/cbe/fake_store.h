// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A transaction in memory, for tests of what is done inside one.
#pragma once

#include <map>
#include <string>

#include "common/store/store.h"

namespace test {

class MemoryTransaction final : public store::Transaction {
 public:
    std::optional<std::string> get(std::string_view table, std::string_view key) const override {
        const auto found = rows_.find({std::string(table), std::string(key)});
        if (found == rows_.end()) return {};
        return found->second;
    }
    void scan(std::string_view table, std::string_view prefix, std::string_view from,
              const std::function<bool(std::string_view, std::string_view)>& each) const override {
        for (auto row = rows_.lower_bound({std::string(table), std::string(from)}); row != rows_.end();
             ++row) {
            const auto& [where, value] = *row;
            if (where.first != table || !where.second.starts_with(prefix)) return;
            if (!each(where.second, value)) return;
        }
    }
    void put(std::string_view table, std::string_view key, std::string_view value) override {
        rows_[{std::string(table), std::string(key)}] = std::string(value);
        ++writes_;
    }
    void erase(std::string_view table, std::string_view key) override {
        rows_.erase({std::string(table), std::string(key)});
        ++writes_;
    }

    size_t writes() const { return writes_; }
    size_t count(std::string_view table) const {
        size_t rows = 0;
        for (const auto& [where, value] : rows_) rows += where.first == table ? 1U : 0U;
        return rows;
    }

 private:
    std::map<std::pair<std::string, std::string>, std::string, std::less<>> rows_;
    size_t writes_ = 0;
};

}  // namespace test
