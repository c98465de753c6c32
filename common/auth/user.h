// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A person who can sign in: who it is, what he was given, and what he proves himself with.
//
// Users are never erased: what they did names them. One that is deleted cannot sign in and holds nothing; his
// name and address stay taken.
//
//     invited ──accept──▶ active ◀──enable── disabled
//        │                 │  └───disable──────▲
//        └─────delete──────┴──▶ deleted ──restore──▶ disabled
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/code_guard.h"
#include "common/base/strong.h"
#include "common/time/clock.h"

namespace auth {

using UserId = base::Strong<struct PersonTag, std::string>;

enum class UserStatus { kInvited, kActive, kDisabled, kDeleted };
inline constexpr UserStatus kAllUserStatuses[]{UserStatus::kInvited, UserStatus::kActive,
                                               UserStatus::kDisabled, UserStatus::kDeleted};
std::string_view to_string(UserStatus status);
std::optional<UserStatus> user_status_of(std::string_view word);

// What a role is limited to; empty: not limited.
struct Limits {
    std::vector<std::string> templates;
    std::vector<std::string> regions;

    bool none() const { return templates.empty() && regions.empty(); }
    friend bool operator==(const Limits&, const Limits&) = default;
};

struct Grant {
    std::string role;
    Limits limits = {};
    friend bool operator==(const Grant&, const Grant&) = default;
};
nlohmann::json json_of(const std::vector<Grant>& grants);

struct Password {
    std::string hash;  // empty: none yet
    base::Instant changed_at{};
    // Set by an administrator, good for one thing: choosing one's own.
    enum class Kind { kOwn, kTemporary } kind = Kind::kOwn;
    base::Instant good_until{};        // of a temporary one
    std::vector<std::string> earlier;  // hashes, the newest first
};

struct SecondFactor {
    std::string sealed;               // see sealer.h; empty: not set up
    std::string sealed_new;           // shown, but not yet confirmed with a code
    CodeGuard codes = {};             // for signing in and for decisions alike: a code is good once
    std::vector<std::string> backup;  // keyed hashes of the backup codes that are left

    bool enabled() const { return !sealed.empty(); }
};

struct User {
    UserId id;
    uint32_t version = 1;
    std::string username;  // lower case
    std::string name;
    std::string email;
    std::string phone;
    // The verified person behind the account: two accounts with the same one are the same person.
    std::string identity;
    UserStatus status = UserStatus::kActive;
    std::vector<Grant> grants;
    Password password;
    TryGuard password_tries = {};
    SecondFactor second;
    base::Instant created_at{};
    std::string created_by;
    base::Instant last_sign_in{};
    uint64_t sign_ins = 0;

    // The same account, or another one of the same person.
    bool same_person(const User& other) const {
        return id == other.id || (!identity.empty() && identity == other.identity);
    }
};

std::string encode(const User& user);
base::Result<User> decode_user(std::string_view row);

// Names and addresses as they are compared: ASCII letters in lower case.
std::string folded(std::string_view text);
// 2 to 64 of a-z 0-9 . _ -
bool is_username(std::string_view text);
bool is_email(std::string_view text);

}  // namespace auth
