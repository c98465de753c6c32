// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/answer.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "common/json/parse.h"

namespace ctl {

ExitCode exit_code_of(base::ErrorKind kind) {
    switch (kind) {
        case base::ErrorKind::kNotFound:
            return ExitCode::kNotFound;
        case base::ErrorKind::kRefused:
        case base::ErrorKind::kConflict:
            return ExitCode::kRefused;
        case base::ErrorKind::kTimeout:
            return ExitCode::kTimeout;
        case base::ErrorKind::kInvalid:
        case base::ErrorKind::kLimit:
        case base::ErrorKind::kUnavailable:
        case base::ErrorKind::kIo:
        case base::ErrorKind::kCorrupt:
            return ExitCode::kFailed;
    }
    return ExitCode::kFailed;
}

ExitCode exit_code_of_status(int http_status) {
    switch (http_status) {
        case 401:
        case 403:
        case 409:
        case 422:
            return ExitCode::kRefused;
        case 404:
            return ExitCode::kNotFound;
        case 408:
        case 504:
            return ExitCode::kTimeout;
        default:
            return http_status >= 200 && http_status < 300 ? ExitCode::kOk : ExitCode::kFailed;
    }
}

Answer Answer::of(std::string text, const nlohmann::json& data, ExitCode code) {
    return {code, std::move(text), json::dump(data)};
}

Answer Answer::of(const base::Error& error) {
    const nlohmann::json data{{"error", {{"kind", to_string(error.kind)}, {"text", error.text}}}};
    return of(error.text, data, exit_code_of(error.kind));
}

Answer Answer::of(const http::Response& refusal) {
    std::string text = "the daemon answered " + std::to_string(refusal.status) + " " +
                       std::string(http::reason_phrase(refusal.status));
    nlohmann::json data{{"error", {{"status", refusal.status}, {"text", text}}}};
    if (const auto body = json::parse(refusal.body); body && body->is_object()) {
        if (const auto detail = body->find("detail"); detail != body->end() && detail->is_string()) {
            text = detail->get<std::string>();
            data["error"]["text"] = text;
        }
        if (const auto code = body->find("code"); code != body->end()) data["error"]["code"] = *code;
    }
    if (data["error"].value("code", nlohmann::json()) == "not-leader")
        return of(text, data, ExitCode::kNotLeader);
    return of(text, data, exit_code_of_status(refusal.status));
}

int print(const Answer& answer, Format format) {
    if (format == Format::kJson) {
        std::printf("%s\n", answer.json.c_str());
    } else if (!answer.text.empty()) {
        const bool failed = answer.code != ExitCode::kOk && answer.code != ExitCode::kPartly;
        const bool ended = answer.text.back() == '\n';
        std::fprintf(failed ? stderr : stdout, "%s%s", answer.text.c_str(), ended ? "" : "\n");
    }
    return static_cast<int>(answer.code);
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (size_t i = 0; i < row.size(); ++i)
            line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

}  // namespace ctl
