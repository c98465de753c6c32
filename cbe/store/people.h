// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The users of common/auth as the people of our rules.
#pragma once

#include <optional>
#include <vector>

#include "cbe/domain/person.h"
#include "cbe/domain/refusal.h"
#include "cbe/store/audit_note.h"
#include "common/auth/note.h"
#include "common/auth/refusal.h"
#include "common/auth/user.h"
#include "common/store/store.h"

namespace cbe {

Person person_of(const store::Reader& reader, const auth::User& user);
// Anybody who ever had an account; only who is active holds permissions.
std::optional<Person> find_person(const store::Reader& reader, const UserId& id);
// Other accounts of the same person (C-14).
std::vector<UserId> aliases_of(const store::Reader& reader, const Person& person);
std::vector<Person> all_people(const store::Reader& reader);

// Those who cannot decide at the moment, after too many wrong codes, and until when.
struct Locked {
    Person person;
    base::Instant until{};
};
std::vector<Locked> locked_people(const store::Reader& reader, base::Instant now);

auth::Actor auth_actor(const Person& person, const Origin& origin);
// Of the codes that alerts and people have in common.
Refusal to_refusal(const auth::Refusal& refusal);

}  // namespace cbe
