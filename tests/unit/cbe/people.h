// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Users of the store for tests that think of Persons.
#pragma once

#include "cbe/domain/person.h"
#include "cbe/store/people_policy.h"
#include "common/auth/people.h"

namespace test {

// An active user with exactly these permissions, by a role of his own.
inline auth::User user_of(const cbe::Person& person) {
    auth::User user;
    user.id = auth::UserId{person.id.value()};
    user.username = person.username;
    user.name = person.name;
    user.identity = person.identity;
    user.grants = {{"test_" + person.username, {}}};
    return user;
}

inline void put_person(store::Transaction& txn, const cbe::Person& person, const auth::User& user) {
    auth::Role role{"test_" + person.username, person.name, "", {}, auth::Role::Origin::kOwn, 1};
    for (const cbe::Permission one : cbe::kAllPermissions)
        if (person.permissions.has(one)) role.permissions.emplace_back(to_string(one));
    auth::put_role(txn, role);
    auth::put_user(txn, user);
}
inline void put_person(store::Transaction& txn, const cbe::Person& person) {
    put_person(txn, person, user_of(person));
}

}  // namespace test
