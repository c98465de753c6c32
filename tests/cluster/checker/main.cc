// SPDX-License-Identifier: AGPL-3.0-or-later
//
// check_history [--json] [--time-ms N] [--no-final] FILE: judges a recorded history. README.md has the
// format.
//
// Exit code 0: linearizable and nothing lost; 1: a violation or a loss; 3: not decided; 2: the file or the
// call is wrong.
#include <charconv>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "tests/cluster/checker/judge.h"

namespace {

struct Call {
    std::string file;
    bool json = false;
    checker::Limits limits;
    checker::FinalReading final_reading = checker::FinalReading::kWanted;
};

bool parse(int argc, char** argv, Call& call) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--json") {
            call.json = true;
        } else if (word == "--no-final") {
            call.final_reading = checker::FinalReading::kOptional;
        } else if (word == "--time-ms" && i + 1 < argc) {
            const std::string_view number = argv[++i];
            int64_t ms = 0;
            const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), ms);
            if (error != std::errc{} || end != number.data() + number.size() || ms < 1) return false;
            call.limits.time = std::chrono::milliseconds(ms);
        } else if (!word.starts_with("--") && call.file.empty()) {
            call.file = word;
        } else {
            return false;
        }
    }
    return !call.file.empty();
}

void print_list(const char* title, const std::vector<std::string>& texts) {
    for (const auto& text : texts) std::printf("%s%s\n", title, text.c_str());
}

void print(const checker::Judgement& judgement, bool torn) {
    print_list("", judgement.violations);
    print_list("LOSS: ", judgement.losses);
    print_list("UNDECIDED: ", judgement.undecided);
    if (torn) std::printf("note: the last line was cut off; its operation is of unknown outcome\n");
    std::printf(
        "%zu operations on %zu objects: %zu acknowledged, %zu unknown; %zu nodes read at the end; "
        "%zu violations, %zu losses, %zu undecided\n",
        judgement.operations, judgement.objects, judgement.acknowledged, judgement.unknown,
        judgement.final_nodes, judgement.violations.size(), judgement.losses.size(),
        judgement.undecided.size());
}

void print_json(const checker::Judgement& judgement) {
    const nlohmann::json out = {{"operations", judgement.operations},
                                {"objects", judgement.objects},
                                {"acknowledged", judgement.acknowledged},
                                {"unknown", judgement.unknown},
                                {"final_nodes", judgement.final_nodes},
                                {"violations", judgement.violations},
                                {"losses", judgement.losses},
                                {"undecided", judgement.undecided}};
    std::printf("%s\n", out.dump().c_str());
}

}  // namespace

int main(int argc, char** argv) {
    Call call;
    if (!parse(argc, argv, call)) {
        std::fprintf(stderr, "check_history [--json] [--time-ms N] [--no-final] FILE\n");
        return 2;
    }
    std::ifstream file(call.file);
    if (!file) {
        std::fprintf(stderr, "check_history: %s cannot be read\n", call.file.c_str());
        return 2;
    }
    const auto history = checker::read_history(file);
    if (!history) {
        std::fprintf(stderr, "check_history: %s: %s\n", call.file.c_str(), history.error().text.c_str());
        return 2;
    }
    const auto judgement = checker::judge(*history, call.limits, call.final_reading);
    if (call.json)
        print_json(judgement);
    else
        print(judgement, history->torn);
    if (!judgement.violations.empty() || !judgement.losses.empty()) return 1;
    return judgement.good() ? 0 : 3;
}
