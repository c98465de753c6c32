// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/workload/options.h"

#include <charconv>
#include <functional>

namespace workload {
namespace {

// The whole word as a number within bounds.
template <class Number>
bool take(const std::string& word, Number low, Number high, Number& into) {
    Number value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value < low || value > high) return false;
    into = value;
    return true;
}

bool take_ms(const std::string& word, std::chrono::milliseconds& into) {
    int64_t ms = 0;
    if (!take<int64_t>(word, 1, 600'000, ms)) return false;
    into = std::chrono::milliseconds(ms);
    return true;
}

bool take_node(const std::string& word, std::vector<NodeAddress>& nodes) {
    const size_t equals = word.find('=');
    if (equals == 0 || equals == std::string::npos) return false;
    nodes.push_back({word.substr(0, equals), word.substr(equals + 1)});
    return true;
}

// "45,25,18,12": registers, counters, bank, ids.
bool take_shares(const std::string& word, Shares& shares) {
    size_t from = 0;
    int sum = 0;
    for (int* share : {&shares.registers, &shares.counters, &shares.bank, &shares.ids}) {
        const size_t comma = std::min(word.find(',', from), word.size());
        if (from > word.size() || !take(word.substr(from, comma - from), 0, 100, *share)) return false;
        sum += *share;
        from = comma + 1;
    }
    return sum == 100 && from == word.size() + 1;
}

bool take_read(const std::string& word, Read& read) {
    read = word == "local" ? Read::kLocal : Read::kConsistent;
    return word == "local" || word == "consistent";
}

using Take = std::function<bool(const std::string&)>;

std::map<std::string, Take> switches(Options& options) {
    const auto text = [](std::string& into) -> Take {
        return [&into](const std::string& word) {
            into = word;
            return !word.empty();
        };
    };
    return {
        {"--history", text(options.history)},
        {"--cert", text(options.certificate)},
        {"--key", text(options.key)},
        {"--ca", text(options.authority)},
        {"--server-role", text(options.server_role)},
        {"--node", [&](const auto& word) { return take_node(word, options.nodes); }},
        {"--reads", [&](const auto& word) { return take_read(word, options.read); }},
        {"--clients", [&](const auto& word) { return take<size_t>(word, 1, 200, options.clients); }},
        {"--seconds", [&](const auto& word) { return take<double>(word, 0, 1e6, options.seconds); }},
        {"--rate", [&](const auto& word) { return take<double>(word, 0, 1e6, options.rate); }},
        {"--repeat", [&](const auto& word) { return take<double>(word, 0, 1, options.repeat); }},
        {"--timeout-ms", [&](const auto& word) { return take_ms(word, options.timeout); }},
        {"--settle-ms", [&](const auto& word) { return take_ms(word, options.settle); }},
        {"--seed", [&](const auto& word) { return take<uint64_t>(word, 0, UINT64_MAX, options.mix.seed); }},
        {"--keys", [&](const auto& word) { return take<size_t>(word, 1, 10'000, options.mix.keys); }},
        {"--mix", [&](const auto& word) { return take_shares(word, options.mix.shares); }},
    };
}

}  // namespace

const char* const kUsage =
    "workload run|final --history FILE --node NAME=URL... [--cert PEM --key PEM --ca PEM [--server-role "
    "ROLE]]\n"
    "  [--clients 8] [--seconds 20 (0: until SIGTERM)] [--rate 0 (operations a second; 0: no limit)] [--seed "
    "1]\n"
    "  [--reads consistent|local] [--timeout-ms 2000] [--repeat 0.8] [--keys 8] [--mix 45,25,18,12 "
    "(registers, counters, bank, ids)]\n"
    "  [--settle-ms 30000]\n";

base::Result<Call> parse_call(const std::vector<std::string>& words) {
    Call call;
    if (words.empty() || (words[0] != "run" && words[0] != "final"))
        return base::invalid("run or final is wanted");
    call.mode = words[0] == "run" ? Mode::kRun : Mode::kFinal;
    const auto known = switches(call.options);
    for (size_t i = 1; i < words.size(); i += 2) {
        const auto found = known.find(words[i]);
        if (found == known.end()) return base::invalid("unknown: " + words[i]);
        if (i + 1 == words.size() || !found->second(words[i + 1]))
            return base::invalid(words[i] + ": its value is missing or wrong");
    }
    if (call.options.history.empty() || call.options.nodes.empty())
        return base::invalid("--history and --node are wanted");
    return call;
}

}  // namespace workload
