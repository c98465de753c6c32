// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One question to a daemon's control socket, and its answer taken apart.
#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "common/http/message.h"
#include "packaging/farolctl/answer.h"
#include "packaging/farolctl/place.h"

namespace ctl {

struct Question {
    http::Method method = http::Method::kGet;
    std::string path;
    std::string body{};
    std::chrono::milliseconds patience{10'000};
};

// The body of a good answer as JSON, or what to say instead.
struct Asked {
    std::optional<nlohmann::json> body;
    Answer otherwise;
};
Asked ask(const Place& place, const DaemonName& daemon, const Question& question);

// A member as text for people: empty when it is missing or null, JSON unless it is a string.
std::string word(const nlohmann::json& object, const char* name);
// null when it is missing.
nlohmann::json member(const nlohmann::json& object, const char* name);

}  // namespace ctl
