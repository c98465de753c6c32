// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/update_table.h"

namespace cbc {
namespace {

constexpr std::array kReplace{Step::kReplaceHere};
constexpr std::array kAddThenStop{Step::kWriteHere, Step::kStopOldHere};
constexpr std::array kStopThenWrite{Step::kStopHere, Step::kWriteHere};
constexpr std::array kWriteNew{Step::kWriteNew};
constexpr std::array kStopLeft{Step::kStopLeft};
constexpr std::array kMove{Step::kStopLeft, Step::kWriteNew};
constexpr std::array kWriteHere{Step::kWriteHere};

// In the order of Protocol.
struct Words {
    std::string_view write;
    std::string_view stop;
};
constexpr std::array kWords{Words{"WRITE-REPLACE", "KILL"}, Words{"Write-Replace", "Kill"},
                            Words{"Write-Replace-Warning", "Stop-Warning"},
                            Words{"WriteReplaceWarning", "PWSCancel"}};
static_assert(kWords.size() == kAllProtocols.size());

}  // namespace

std::span<const Step> steps_for(Change change, Protocol protocol) {
    switch (change) {
        case Change::kText:
            if (traits_of(protocol).replaces) return kReplace;
            return kAddThenStop;
        case Change::kLonger:
            return kStopThenWrite;
        case Change::kShorter:
            return {};  // the stop at the end just comes earlier
        case Change::kLarger:
            return kWriteNew;
        case Change::kMoved:
            return kMove;
        case Change::kSmaller:
        case Change::kStopInPart:
            return kStopLeft;
        case Change::kRetry:
        case Change::kReload:
            return kWriteHere;
    }
    return {};
}

bool alerts_again(Change change) { return change == Change::kText; }

std::string_view to_string(Change change) {
    switch (change) {
        case Change::kText:
            return "text";
        case Change::kLonger:
            return "longer";
        case Change::kShorter:
            return "shorter";
        case Change::kLarger:
            return "larger";
        case Change::kSmaller:
            return "smaller";
        case Change::kMoved:
            return "moved";
        case Change::kStopInPart:
            return "stop in part";
        case Change::kRetry:
            return "retry";
        case Change::kReload:
            return "reload";
    }
    return "";
}

std::string text_of(Step step, Protocol protocol) {
    const Words& words = kWords[static_cast<size_t>(protocol)];
    switch (step) {
        case Step::kReplaceHere:
            return std::string(words.write) + " (old serial)";
        case Step::kWriteHere:
            return std::string(words.write);
        case Step::kStopHere:
            return std::string(words.stop);
        case Step::kStopOldHere:
            return std::string(words.stop) + " (old serial)";
        case Step::kWriteNew:
            return std::string(words.write) + " (places added)";
        case Step::kStopLeft:
            return std::string(words.stop) + " (places left)";
    }
    return "";
}

}  // namespace cbc
