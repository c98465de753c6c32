// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/workload/mix.h"

namespace workload {
namespace {

using checker::Kind;

constexpr int kUsesOfKey = 400;
constexpr int kUnknownOfKey = 6;
constexpr int64_t kLargestAdded = 1'000'000;
constexpr int64_t kLargestTransfer = 400;  // of 1000, so that some are refused

}  // namespace

std::vector<std::string> account_names() { return {"ada", "bea", "cyd", "dot", "eva", "fay"}; }

Planned bank_creation() {
    Planned planned{Kind::kBankCreate, {}, {}};
    for (const auto& name : account_names()) planned.args["accounts"][name] = kBalance;
    return planned;
}

Mix::Mix(const MixOptions& options, Recorder& recorder)
    : recorder_(recorder),
      options_(options),
      engine_(options.seed),
      registers_(options.keys),
      counters_(options.keys) {}

Planned Mix::next() {
    const Shares& shares = options_.shares;
    auto roll = static_cast<int>(below(100));
    if ((roll -= shares.registers) < 0) return of_register();
    if ((roll -= shares.counters) < 0) return of_counter();
    if ((roll -= shares.bank) < 0) return of_bank();
    return of_ids();
}

Mix::InUse& Mix::pick(std::vector<InUse>& keys, const char* letter) {
    InUse& one = keys[below(keys.size())];
    if (one.key.empty() || one.uses >= kUsesOfKey || one.unknown >= kUnknownOfKey)
        one = {letter + std::to_string(recorder_.fresh()), 0, 0, {}};
    ++one.uses;
    return one;
}

Planned Mix::of_register() {
    InUse& one = pick(registers_, "r");
    const size_t roll = below(100);
    if (roll < 45) return {Kind::kRegisterRead, one.key, nlohmann::json::object()};
    const auto value = static_cast<int64_t>(recorder_.fresh());
    if (roll < 75) return {Kind::kRegisterWrite, one.key, {{"value", value}}};
    nlohmann::json args{{"from", nullptr}, {"to", value}};
    if (one.value) args["from"] = *one.value;
    return {Kind::kRegisterCas, one.key, args};
}

Planned Mix::of_counter() {
    InUse& one = pick(counters_, "c");
    if (below(100) < 35) return {Kind::kCounterRead, one.key, nlohmann::json::object()};
    return {Kind::kCounterAdd, one.key, {{"by", 1 + static_cast<int64_t>(below(kLargestAdded))}}};
}

Planned Mix::of_bank() {
    if (below(100) < 30) return {Kind::kBankRead, {}, nlohmann::json::object()};
    const auto names = account_names();
    const size_t payer = below(names.size());
    const size_t payee = (payer + 1 + below(names.size() - 1)) % names.size();
    return {Kind::kBankTransfer,
            {},
            {{"from", names[payer]},
             {"to", names[payee]},
             {"amount", 1 + static_cast<int64_t>(below(kLargestTransfer))}}};
}

Planned Mix::of_ids() {
    // The answer holds all ids there are: rarely.
    const bool reads = below(200) == 0;
    return {reads ? Kind::kIdsRead : Kind::kIdsNew, {}, nlohmann::json::object()};
}

Mix::InUse* Mix::find(const Planned& planned) {
    for (auto* keys : {&registers_, &counters_})
        for (InUse& one : *keys)
            if (!planned.key.empty() && one.key == planned.key) return &one;
    return nullptr;
}

void Mix::learned(const Planned& planned, const Answer& answer) {
    InUse* one = find(planned);
    if (one == nullptr) return;
    if (answer.kind != Answer::Kind::kOk) {
        if (answer.kind != Answer::Kind::kRefused && answer.kind != Answer::Kind::kNotLeader) ++one->unknown;
        return;
    }
    if (planned.kind == Kind::kRegisterWrite) one->value = planned.args["value"].get<int64_t>();
    if (planned.kind == Kind::kRegisterCas) one->value = planned.args["to"].get<int64_t>();
    if (planned.kind == Kind::kRegisterRead) {
        one->value.reset();
        if (!answer.result["value"].is_null()) one->value = answer.result["value"].get<int64_t>();
    }
}

}  // namespace workload
