// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What a command has to say: for a person, and the same for a program (--json).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "common/base/error.h"
#include "common/http/message.h"
#include "packaging/farolctl/exit_code.h"

namespace ctl {

enum class Format { kText, kJson };

struct Answer {
    ExitCode code = ExitCode::kOk;
    std::string text;  // lines for a person
    std::string json;  // one JSON value

    static Answer of(std::string text, const nlohmann::json& data, ExitCode code = ExitCode::kOk);
    static Answer of(const base::Error& error);
    // What a daemon refused, with its own sentence (RFC 9457) and code.
    static Answer of(const http::Response& refusal);
};

// Text to stdout (to stderr when it failed), or the JSON value to stdout. Answers the number to exit with.
int print(const Answer& answer, Format format);

// Columns as wide as their widest cell; the first row is the heading.
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace ctl
