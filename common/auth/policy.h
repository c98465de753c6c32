// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What differs between the applications that stand on common/auth: which permissions there are, which of them
// take two people to give, the ready-made roles, and how long things last.
//
// A Catalogue is a constant of the application; a Policy is read from its configuration. Both outlive what
// uses them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/auth/try_guard.h"

namespace auth {

struct PermissionInfo {
    enum class Giving { kOnePerson, kTwoPeople };
    enum class Keys { kNever, kAllowed };  // may an API key carry it?
    std::string name;                      // "alert.approve"
    std::string allows;                    // for a person
    Giving giving = Giving::kOnePerson;
    Keys keys = Keys::kNever;
};

struct Role {
    enum class Origin { kReadyMade, kOwn };
    std::string name;  // "duty_officer"; never changes
    std::string title;
    std::string description;
    std::vector<std::string> permissions;
    Origin origin = Origin::kOwn;
    uint32_t version = 1;

    bool has(std::string_view permission) const;
};

struct Catalogue {
    std::string application;  // "cbe": the audience of what is issued, and part of what API keys look like
    std::vector<PermissionInfo> permissions;
    std::vector<Role> roles;  // ready-made: not changed, not erased
    std::string administer;   // the permission to administer people

    const PermissionInfo* find(std::string_view permission) const;
};

struct Policy {
    std::string issuer = "Farol";  // shown by an authenticator application
    std::chrono::seconds session_idle = std::chrono::minutes{30};
    std::chrono::seconds session_longest = std::chrono::hours{12};
    // Without one, a session with a password alone may do nothing but set one up.
    enum class SecondFactor { kWanted, kOptional } second_factor = SecondFactor::kWanted;
    enum class Administration { kTwoPeople, kOnePerson } administration = Administration::kTwoPeople;
    size_t password_least = 12;       // characters
    size_t passwords_remembered = 5;  // not to be taken again
    TryLimits password_tries = {};    // of one user; addresses have their own limit
    std::chrono::seconds challenge_lives = std::chrono::minutes{5};
    std::chrono::seconds invitation_lives = std::chrono::hours{72};
    std::chrono::seconds reset_lives = std::chrono::hours{1};
    std::chrono::seconds temporary_password_lives = std::chrono::hours{24};
    std::chrono::seconds elevation_waits = std::chrono::hours{1};  // for the second person
    std::chrono::seconds request_waits = std::chrono::hours{24};
};

}  // namespace auth
