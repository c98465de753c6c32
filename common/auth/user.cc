// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/user.h"

#include <algorithm>

#include "common/auth/record_parts.h"

namespace auth {
namespace {

using namespace parts;

std::vector<Grant> grants_of(const Json& json) {
    std::vector<Grant> grants;
    for (const Json& one : json)
        grants.push_back({one.at("role").get<std::string>(),
                          {one.at("templates").get<std::vector<std::string>>(),
                           one.at("regions").get<std::vector<std::string>>()}});
    return grants;
}

Json json_of(const Password& password) {
    return {{"hash", password.hash},
            {"changed_at", micros(password.changed_at)},
            {"temporary", password.kind == Password::Kind::kTemporary},
            {"good_until", micros(password.good_until)},
            {"earlier", password.earlier}};
}

Password password_of(const Json& json) {
    return {json.at("hash").get<std::string>(), instant(json.at("changed_at")),
            json.at("temporary").get<bool>() ? Password::Kind::kTemporary : Password::Kind::kOwn,
            instant(json.at("good_until")), json.at("earlier").get<std::vector<std::string>>()};
}

Json json_of(const SecondFactor& second) {
    return {{"sealed", hex(second.sealed)},
            {"sealed_new", hex(second.sealed_new)},
            {"last_step", second.codes.last_step},
            {"tries", parts::json_of(second.codes.tries)},
            {"backup", second.backup}};
}

SecondFactor second_of(const Json& json) {
    return {octets(json.at("sealed")),
            octets(json.at("sealed_new")),
            {json.at("last_step").get<int64_t>(), try_guard_of(json.at("tries"))},
            json.at("backup").get<std::vector<std::string>>()};
}

User user_of(const Json& json) {
    const auto text = [&](const char* name) { return json.at(name).get<std::string>(); };
    User user;
    user.id = UserId{text("id")};
    user.version = json.at("version").get<uint32_t>();
    user.username = text("username");
    user.name = text("name");
    user.email = text("email");
    user.phone = text("phone");
    user.identity = text("identity");
    user.status = word(json.at("status"), user_status_of);
    user.grants = grants_of(json.at("grants"));
    user.password = password_of(json.at("password"));
    user.password_tries = try_guard_of(json.at("password_tries"));
    user.second = second_of(json.at("second"));
    user.created_at = instant(json.at("created_at"));
    user.created_by = text("created_by");
    user.last_sign_in = instant(json.at("last_sign_in"));
    user.sign_ins = json.at("sign_ins").get<uint64_t>();
    return user;
}

}  // namespace

Json json_of(const std::vector<Grant>& grants) {
    Json all = Json::array();
    for (const Grant& grant : grants)
        all.push_back(
            {{"role", grant.role}, {"templates", grant.limits.templates}, {"regions", grant.limits.regions}});
    return all;
}

std::string_view to_string(UserStatus status) {
    switch (status) {
        case UserStatus::kInvited:
            return "invited";
        case UserStatus::kActive:
            return "active";
        case UserStatus::kDisabled:
            return "disabled";
        case UserStatus::kDeleted:
            return "deleted";
    }
    return "unknown";
}

std::optional<UserStatus> user_status_of(std::string_view text) {
    for (const UserStatus status : kAllUserStatuses)
        if (to_string(status) == text) return status;
    return {};
}

std::string encode(const User& user) {
    return store::encode_record(kVersion, {{"id", user.id.value()},
                                           {"version", user.version},
                                           {"username", user.username},
                                           {"name", user.name},
                                           {"email", user.email},
                                           {"phone", user.phone},
                                           {"identity", user.identity},
                                           {"status", to_string(user.status)},
                                           {"grants", json_of(user.grants)},
                                           {"password", json_of(user.password)},
                                           {"password_tries", parts::json_of(user.password_tries)},
                                           {"second", json_of(user.second)},
                                           {"created_at", micros(user.created_at)},
                                           {"created_by", user.created_by},
                                           {"last_sign_in", micros(user.last_sign_in)},
                                           {"sign_ins", user.sign_ins}});
}

base::Result<User> decode_user(std::string_view row) {
    return store::decode_record<User>(row, kVersion,
                                      [](store::RecordVersion, const Json& json) { return user_of(json); });
}

std::string folded(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

bool is_username(std::string_view text) {
    return text.size() >= 2 && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
           });
}

// Not RFC 5321's whole grammar: what can be put into a mail's head without being able to break it.
bool is_email(std::string_view text) {
    const size_t at = text.find('@');
    if (text.size() > 254 || at == std::string_view::npos || at == 0 || at + 1 == text.size()) return false;
    if (text.find('@', at + 1) != std::string_view::npos) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7f && std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
    });
}

}  // namespace auth
