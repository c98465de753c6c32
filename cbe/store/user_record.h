// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Users and sessions as rows of the store. Neither passwords, codes nor tokens are in them: only a slow hash,
// a sealed secret, and the hash of the cookie.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cbe/domain/person.h"
#include "common/auth/code_guard.h"
#include "common/store/store.h"

namespace cbe {

struct User {
    Person person;
    std::string password_hash;
    std::string sealed_totp;  // see common/auth/sealer.h
    auth::CodeGuard codes;    // for signing in and for decisions alike: a code is good once
};
std::string encode(const User& user);
base::Result<User> decode_user(std::string_view row);

std::optional<User> find_user(const store::Reader& reader, const UserId& id);
std::optional<User> find_user_by_name(const store::Reader& reader, std::string_view username);
std::vector<Person> all_people(const store::Reader& reader);
// Those who cannot decide at the moment, after too many wrong codes.
std::vector<Person> locked_people(const store::Reader& reader, base::Instant now);
void put_user(store::Transaction& transaction, const User& user);

struct Session {
    UserId user;
    base::Instant signed_in{};
    base::Instant last_used{};
};
std::string encode(const Session& session);
base::Result<Session> decode_session(std::string_view row);

}  // namespace cbe
