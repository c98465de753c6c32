// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Users and roles as rows, and what somebody may do by them.
//
// Permissions are those of all one's roles together; there is nothing that takes away. Only an active user
// holds any.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/policy.h"
#include "common/auth/user.h"
#include "common/store/store.h"

namespace auth {

namespace tables {
inline constexpr std::string_view kUsers = "auth_user";                 // user id → User
inline constexpr std::string_view kUsernames = "auth_username";         // user name → user id
inline constexpr std::string_view kEmails = "auth_email";               // address → user id
inline constexpr std::string_view kRoles = "auth_role";                 // name → Role
inline constexpr std::string_view kSessions = "auth_session";           // hash of the token → Session
inline constexpr std::string_view kUserSessions = "auth_user_session";  // user id, session id → hash
inline constexpr std::string_view kLinks = "auth_link";                 // hash of the token → Link
inline constexpr std::string_view kRequests = "auth_request";           // request id → Request
inline constexpr std::string_view kApiKeys = "auth_api_key";            // key id → ApiKey
inline constexpr std::string_view kApiKeyHashes = "auth_api_key_hash";  // hash of the key → key id
std::vector<std::string> essential();
}  // namespace tables

std::optional<User> find_user(const store::Reader& reader, const UserId& id);
// By user name or, where it has an @, by address.
std::optional<User> find_user_by_name(const store::Reader& reader, std::string_view name);
// In the order of their identifiers, which is that of their making; ends when `each` says false.
void each_user(const store::Reader& reader, const std::function<bool(const User&)>& each);
// Names and addresses belong to one user; those that he had before are free again.
void put_user(store::Transaction& txn, const User& user);

std::optional<Role> find_role(const store::Reader& reader, const Catalogue& catalogue, std::string_view name);
std::vector<Role> all_roles(const store::Reader& reader, const Catalogue& catalogue);
void put_role(store::Transaction& txn, const Role& role);
void erase_role(store::Transaction& txn, std::string_view name);

// What is asked for where a role may be limited; empty: nothing of that kind is concerned.
struct Subject {
    std::string template_name;
    std::string region;
};

class Rights {
 public:
    // Without limits: for anything.
    bool holds(std::string_view permission) const;
    // For this, by a role without limits or one whose limits take it in.
    bool allows(std::string_view permission, const Subject& subject) const;
    // In whatever limits; with these, for a page.
    std::vector<Limits> limits_of(std::string_view permission) const;
    std::vector<std::string> all() const;  // that holds() answers for

    void add(std::string permission, Limits limits) {
        rights_.push_back({std::move(permission), std::move(limits)});
    }

 private:
    struct Right {
        std::string permission;
        Limits limits;
    };
    std::vector<Right> rights_;
};
Rights rights_of(const store::Reader& reader, const Catalogue& catalogue, const User& user);

// Other active users who hold the permission to administer; of other people, if `user` has several accounts.
std::vector<User> other_administrators(const store::Reader& reader, const Catalogue& catalogue,
                                       const User& user);

}  // namespace auth
