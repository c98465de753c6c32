// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/faulty_server/state.h"

namespace faulty {
namespace {

using nlohmann::json;

// "registers", "r1", "cas".
std::vector<std::string> segments(const std::string& path) {
    std::vector<std::string> list(1);
    for (const char one : path) {
        if (one == '/')
            list.emplace_back();
        else
            list.back() += one;
    }
    list.resize(3);
    return list;
}

json number_in(const std::map<std::string, int64_t>& table, const std::string& key) {
    const auto found = table.find(key);
    return found == table.end() ? json() : json(found->second);
}

}  // namespace

Result State::change(const std::string& path, const json& body) try {
    const auto part = segments(path);
    ++changes;
    if (part[0] == "registers" && part[2] == "cas") return compare_and_set(part[1], body);
    if (part[0] == "registers") {
        registers[part[1]] = body.at("value").get<int64_t>();
        return {};
    }
    if (part[0] == "counters") {
        counters[part[1]] += body.at("by").get<int64_t>();
        return {200, {}, {{"value", counters[part[1]]}}};
    }
    if (part[0] == "bank" && part[1] == "transfer") return transfer(body);
    if (part[0] == "bank") {
        bank = body.at("accounts").get<std::map<std::string, int64_t>>();
        return {};
    }
    if (part[0] == "ids") {
        ids.push_back(static_cast<int64_t>(ids.size()) + 1);
        return {200, {}, {{"id", ids.back()}}};
    }
    return {400, "path", {}};
} catch (const json::exception&) {
    return {400, "body", {}};
}

Result State::compare_and_set(const std::string& key, const json& body) {
    if (number_in(registers, key) != body.at("from")) return {409, "cas-mismatch", {}};
    registers[key] = body.at("to").get<int64_t>();
    return {200, {}, {{"swapped", true}}};
}

Result State::transfer(const json& body) {
    const auto amount = body.at("amount").get<int64_t>();
    const auto payer = bank.find(body.at("from").get<std::string>());
    const auto payee = bank.find(body.at("to").get<std::string>());
    if (payer == bank.end() || payee == bank.end()) return {404, "not-found", {}};
    if (payer->second < amount) return {409, "insufficient", {}};
    payer->second -= amount;
    payee->second += amount;
    return {};
}

Result State::read(const std::string& path) const {
    const auto part = segments(path);
    if (part[0] == "registers") return {200, {}, {{"value", number_in(registers, part[1])}}};
    if (part[0] == "counters") return {200, {}, {{"value", number_in(counters, part[1])}}};
    if (part[0] == "bank") return {200, {}, {{"accounts", bank}}};
    if (part[0] == "ids") return {200, {}, {{"count", ids.size()}, {"ids", ids}}};
    return {400, "path", {}};
}

std::string State::text() const { return json{registers, counters, bank, ids}.dump(); }

}  // namespace faulty
