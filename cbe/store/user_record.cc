// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/user_record.h"

#include "cbe/store/record_parts.h"
#include "cbe/store/tables.h"
#include "common/base/bytes.h"
#include "common/store/key.h"

namespace cbe {
namespace {

using namespace parts;

store::Key user_key(const UserId& id) { return store::Key().text(id.value()); }

base::Result<User> user_of(const Json& json) {
    User user;
    user.person.id = UserId{json.at("id").get<std::string>()};
    user.person.username = json.at("username").get<std::string>();
    user.person.name = json.at("name").get<std::string>();
    for (const Json& row : json.at("permissions")) user.person.permissions.add(word(row, permission_of));
    user.password_hash = json.at("password_hash").get<std::string>();
    const auto sealed = base::from_hex(json.at("sealed_totp").get<std::string>());
    if (!sealed) return sealed.error();
    user.sealed_totp = std::string(base::as_text(*sealed));
    user.codes = {json.at("last_step").get<int64_t>(), json.at("wrong_codes").get<uint32_t>(),
                  instant(json.at("locked_until"))};
    return user;
}

}  // namespace

std::string encode(const User& user) {
    Json permissions = Json::array();
    for (const Permission permission : kAllPermissions)
        if (user.person.permissions.has(permission)) permissions.push_back(to_string(permission));
    return store::encode_record(kVersion, {{"id", user.person.id.value()},
                                           {"username", user.person.username},
                                           {"name", user.person.name},
                                           {"permissions", std::move(permissions)},
                                           {"password_hash", user.password_hash},
                                           {"sealed_totp", base::to_hex(base::as_bytes(user.sealed_totp))},
                                           {"last_step", user.codes.last_step},
                                           {"wrong_codes", user.codes.wrong},
                                           {"locked_until", micros(user.codes.locked_until)}});
}

base::Result<User> decode_user(std::string_view row) {
    return store::decode_record<User>(row, kVersion,
                                      [](store::RecordVersion, const Json& json) { return user_of(json); });
}

std::optional<User> find_user(const store::Reader& reader, const UserId& id) {
    const auto row = reader.get(tables::kUsers, user_key(id));
    if (!row) return {};
    auto user = decode_user(*row);
    if (!user) return {};
    return *std::move(user);
}

std::optional<User> find_user_by_name(const store::Reader& reader, std::string_view username) {
    const auto id = reader.get(tables::kUsernames, store::Key().text(username));
    return id ? find_user(reader, UserId{*id}) : std::nullopt;
}

std::vector<Person> all_people(const store::Reader& reader) {
    std::vector<Person> people;
    reader.scan(tables::kUsers, "", "", [&](std::string_view, std::string_view value) {
        if (auto user = decode_user(value)) people.push_back(std::move(user->person));
        return true;
    });
    return people;
}

std::vector<Person> locked_people(const store::Reader& reader, base::Instant now) {
    std::vector<Person> people;
    reader.scan(tables::kUsers, "", "", [&](std::string_view, std::string_view value) {
        auto user = decode_user(value);
        if (user && now < user->codes.locked_until) people.push_back(std::move(user->person));
        return true;
    });
    return people;
}

void put_user(store::Transaction& transaction, const User& user) {
    transaction.put(tables::kUsers, user_key(user.person.id), encode(user));
    transaction.put(tables::kUsernames, store::Key().text(user.person.username), user.person.id.value());
}

std::string encode(const Session& session) {
    return store::encode_record(kVersion, {{"user", session.user.value()},
                                           {"signed_in", micros(session.signed_in)},
                                           {"last_used", micros(session.last_used)}});
}

base::Result<Session> decode_session(std::string_view row) {
    return store::decode_record<Session>(row, kVersion, [](store::RecordVersion, const Json& json) {
        return Session{UserId{json.at("user").get<std::string>()}, instant(json.at("signed_in")),
                       instant(json.at("last_used"))};
    });
}

}  // namespace cbe
