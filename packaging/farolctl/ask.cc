// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/ask.h"

#include "common/json/parse.h"
#include "packaging/farolctl/caller.h"

namespace ctl {

namespace {

constexpr int kOkStatus = 200;

}  // namespace

Asked ask(const Place& place, const DaemonName& daemon, const Question& question) {
    auto caller = Caller::create();
    if (!caller) return {std::nullopt, Answer::of(caller.error())};
    const auto response = caller->control(place.control_socket(daemon), question.method, question.path,
                                          question.body, question.patience);
    if (!response) return {std::nullopt, Answer::of(response.error().within(std::string(daemon.binary)))};
    if (response->status != kOkStatus) return {std::nullopt, Answer::of(*response)};
    auto parsed = json::parse(response->body);
    if (!parsed) return {std::nullopt, Answer::of(parsed.error().within(std::string(daemon.binary)))};
    return {std::move(*parsed), {}};
}

std::string word(const nlohmann::json& object, const char* name) {
    const auto member = object.find(name);
    if (member == object.end() || member->is_null()) return "";
    return member->is_string() ? member->get<std::string>() : member->dump();
}

nlohmann::json member(const nlohmann::json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found == object.end() ? nlohmann::json() : *found;
}

}  // namespace ctl
