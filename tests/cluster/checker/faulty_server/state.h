// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The key-value state of the faulty server: one copy in memory, changed by one request at a time. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace faulty {

struct Result {
    int status = 200;
    std::string code;  // of a refusal
    nlohmann::json body = nlohmann::json::object();
};

struct State {
    std::map<std::string, int64_t> registers, counters, bank;
    std::vector<int64_t> ids;
    uint64_t changes = 0;

    // `path` without "/kv/": "registers/r1/cas". A body or path that no client sends is refused with 400.
    Result change(const std::string& path, const nlohmann::json& body);
    Result read(const std::string& path) const;
    std::string text() const;  // equal for equal states

 private:
    Result compare_and_set(const std::string& key, const nlohmann::json& body);
    Result transfer(const nlohmann::json& body);
};

}  // namespace faulty
