// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/history.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace checker {
namespace {

using nlohmann::json;

struct KindName {
    Kind kind;
    std::string_view word;
};
constexpr std::array<KindName, 10> kKinds{{{Kind::kRegisterWrite, "register.write"},
                                           {Kind::kRegisterCas, "register.cas"},
                                           {Kind::kRegisterRead, "register.read"},
                                           {Kind::kCounterAdd, "counter.add"},
                                           {Kind::kCounterRead, "counter.read"},
                                           {Kind::kBankCreate, "bank.create"},
                                           {Kind::kBankTransfer, "bank.transfer"},
                                           {Kind::kBankRead, "bank.read"},
                                           {Kind::kIdsNew, "ids.new"},
                                           {Kind::kIdsRead, "ids.read"}}};

// The reader: json's own exceptions (a member missing, another type) are caught in read_history, at the line.
class Reader {
 public:
    void line(const std::string& text) {
        const json event = json::parse(text);
        const auto what = event.at("e").get<std::string>();
        if (what == "invoke") return invoke(event);
        if (what == "return") return returned(event);
        if (what == "final") history_.final_nodes = event.at("nodes").get<std::vector<std::string>>();
        if (what == "state") state(event);
        if (what == "unread") history_.read_failures.push_back(event.at("what").get<std::string>());
    }

    History finish() {
        std::stable_sort(history_.operations.begin(), history_.operations.end(),
                         [](const Operation& a, const Operation& b) { return a.invoked < b.invoked; });
        return std::move(history_);
    }
    void mark_torn() { history_.torn = true; }

 private:
    void invoke(const json& event) {
        Operation operation;
        operation.id = event.at("id").get<uint64_t>();
        operation.process = event.at("process").get<int64_t>();
        operation.node = event.at("node").get<std::string>();
        const auto word = event.at("op").get<std::string>();
        const auto kind = kind_of(word);
        if (!kind) throw std::invalid_argument("no operation is called " + word);
        operation.kind = *kind;
        operation.key = event.value("key", std::string());
        operation.invoked = event.at("at").get<int64_t>();
        take_arguments(operation, event.value("args", json::object()));
        if (!open_.emplace(operation.id, history_.operations.size()).second)
            throw std::invalid_argument("operation " + std::to_string(operation.id) + " was invoked already");
        history_.operations.push_back(std::move(operation));
    }

    static void take_arguments(Operation& operation, const json& args) {
        switch (operation.kind) {
            case Kind::kRegisterWrite:
                operation.value = args.at("value").get<int64_t>();
                break;
            case Kind::kRegisterCas:
                operation.value = args.at("to").get<int64_t>();
                if (!args.at("from").is_null()) operation.from = args.at("from").get<int64_t>();
                break;
            case Kind::kCounterAdd:
                operation.value = args.at("by").get<int64_t>();
                break;
            case Kind::kBankCreate:
                operation.accounts = args.at("accounts").get<std::map<std::string, int64_t>>();
                break;
            case Kind::kBankTransfer:
                operation.payer = args.at("from").get<std::string>();
                operation.payee = args.at("to").get<std::string>();
                operation.value = args.at("amount").get<int64_t>();
                break;
            case Kind::kRegisterRead:
            case Kind::kCounterRead:
            case Kind::kBankRead:
            case Kind::kIdsNew:
            case Kind::kIdsRead:
                break;
        }
    }

    void returned(const json& event) {
        const auto id = event.at("id").get<uint64_t>();
        const auto found = open_.find(id);
        if (found == open_.end())
            throw std::invalid_argument("operation " + std::to_string(id) + " is not open");
        Operation& operation = history_.operations[found->second];
        open_.erase(found);
        const auto word = event.at("outcome").get<std::string>();
        if (word == "unknown" || word == "timeout") return;  // as if it had never returned
        if (word == "ok")
            operation.outcome = Outcome::kOk;
        else if (word == "refused")
            operation.outcome = Outcome::kRefused;
        else if (word == "not_leader")
            operation.outcome = Outcome::kNotLeader;
        else
            throw std::invalid_argument("no outcome is called " + word);
        operation.returned = event.at("at").get<int64_t>();
        if (operation.returned < operation.invoked)
            throw std::invalid_argument("it returned before it was invoked");
        operation.reason = event.value("reason", std::string());
        if (operation.outcome == Outcome::kOk) take_result(operation, event.value("result", json::object()));
    }

    static void take_result(Operation& operation, const json& result) {
        switch (operation.kind) {
            case Kind::kRegisterRead:
            case Kind::kCounterRead:
                if (!result.at("value").is_null()) operation.result = result.at("value").get<int64_t>();
                break;
            case Kind::kCounterAdd:
                operation.result = result.at("value").get<int64_t>();
                break;
            case Kind::kBankRead:
                operation.accounts = result.at("accounts").get<std::map<std::string, int64_t>>();
                break;
            case Kind::kIdsNew:
                operation.result = result.at("id").get<int64_t>();
                break;
            case Kind::kIdsRead:
                operation.ids = result.at("ids").get<std::vector<int64_t>>();
                break;
            case Kind::kRegisterWrite:
            case Kind::kRegisterCas:
            case Kind::kBankCreate:
            case Kind::kBankTransfer:
                break;
        }
    }

    void state(const json& event) {
        history_.states.push_back({event.at("node").get<std::string>(), event.at("hash").get<std::string>(),
                                   event.at("applied").get<uint64_t>()});
    }

    History history_;
    std::unordered_map<uint64_t, size_t> open_;
};

std::string value_text(const std::optional<int64_t>& value) {
    return value ? std::to_string(*value) : "nothing";
}

std::string accounts_text(const std::map<std::string, int64_t>& accounts) {
    std::string text;
    for (const auto& [name, balance] : accounts)
        text += (text.empty() ? "" : " ") + name + "=" + std::to_string(balance);
    return text;
}

std::string request_text(const Operation& operation) {
    const std::string word(to_string(operation.kind));
    const std::string value = std::to_string(operation.value);
    switch (operation.kind) {
        case Kind::kRegisterWrite:
        case Kind::kCounterAdd:
            return word + " " + value;
        case Kind::kRegisterCas:
            return word + " " + value_text(operation.from) + " to " + value;
        case Kind::kBankTransfer:
            return word + " " + value + " from " + operation.payer + " to " + operation.payee;
        case Kind::kBankCreate:
            return word + " " + accounts_text(operation.accounts);
        case Kind::kRegisterRead:
        case Kind::kCounterRead:
        case Kind::kBankRead:
        case Kind::kIdsNew:
        case Kind::kIdsRead:
            break;
    }
    return word;
}

std::string answer_text(const Operation& operation) {
    switch (operation.kind) {
        case Kind::kRegisterRead:
        case Kind::kCounterRead:
        case Kind::kCounterAdd:
        case Kind::kIdsNew:
            return value_text(operation.result);
        case Kind::kBankRead:
            return accounts_text(operation.accounts);
        case Kind::kIdsRead:
            return std::to_string(operation.ids.size()) + " ids";
        case Kind::kRegisterWrite:
        case Kind::kRegisterCas:
        case Kind::kBankCreate:
        case Kind::kBankTransfer:
            break;
    }
    return "ok";
}

}  // namespace

std::string_view to_string(Kind kind) {
    for (const auto& one : kKinds)
        if (one.kind == kind) return one.word;
    return "?";
}

std::optional<Kind> kind_of(std::string_view word) {
    for (const auto& one : kKinds)
        if (one.word == word) return one.kind;
    return std::nullopt;
}

std::string_view object_type(Kind kind) {
    const auto word = to_string(kind);
    return word.substr(0, word.find('.'));
}

bool is_read(Kind kind) {
    return kind == Kind::kRegisterRead || kind == Kind::kCounterRead || kind == Kind::kBankRead ||
           kind == Kind::kIdsRead;
}

base::Result<History> read_history(std::istream& input) {
    Reader reader;
    std::string text;
    for (size_t number = 1; std::getline(input, text); ++number) {
        const bool is_last = input.eof();  // no newline at its end: its writer was killed in the middle
        if (text.empty()) continue;
        try {
            reader.line(text);
        } catch (const std::exception& error) {
            if (!is_last)
                return base::invalid("history, line " + std::to_string(number) + ": " + error.what());
            reader.mark_torn();
        }
    }
    return reader.finish();
}

std::string describe(const Operation& operation) {
    const std::string request = request_text(operation);
    switch (operation.outcome) {
        case Outcome::kOk:
            return request + " -> " + answer_text(operation);
        case Outcome::kRefused:
            return request + " -> refused (" + operation.reason + ")";
        case Outcome::kNotLeader:
            return request + " -> no leader";
        case Outcome::kUnknown:
            break;
    }
    return request + " -> unknown";
}

}  // namespace checker
