// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/people.h"

#include "cbe/store/people_policy.h"
#include "common/auth/note.h"
#include "common/auth/people.h"

namespace cbe {

Person person_of(const store::Reader& reader, const auth::User& user) {
    Person person{UserId{user.id.value()}, user.username, user.name, {}, user.identity};
    for (const std::string& word : auth::rights_of(reader, catalogue(), user).all())
        if (const auto permission = permission_of(word)) person.permissions.add(*permission);
    return person;
}

std::optional<Person> find_person(const store::Reader& reader, const UserId& id) {
    const auto user = auth::find_user(reader, auth::UserId{id.value()});
    return user ? std::optional(person_of(reader, *user)) : std::nullopt;
}

std::vector<UserId> aliases_of(const store::Reader& reader, const Person& person) {
    std::vector<UserId> all;
    if (person.identity.empty()) return all;
    auth::each_user(reader, [&](const auth::User& user) {
        if (user.identity == person.identity && user.id.value() != person.id.value())
            all.emplace_back(user.id.value());
        return true;
    });
    return all;
}

std::vector<Person> all_people(const store::Reader& reader) {
    std::vector<Person> people;
    auth::each_user(reader, [&](const auth::User& user) {
        people.push_back(person_of(reader, user));
        return true;
    });
    return people;
}

std::vector<Locked> locked_people(const store::Reader& reader, base::Instant now) {
    std::vector<Locked> people;
    auth::each_user(reader, [&](const auth::User& user) {
        if (const auth::TryGuard& tries = user.second.codes.tries; tries.locked(now))
            people.push_back({person_of(reader, user), tries.locked_until});
        return true;
    });
    return people;
}

auth::Actor auth_actor(const Person& person, const Origin& origin) {
    return {auth::UserId{person.id.value()}, actor_of(person), origin.call, origin.address,
            origin.request_id};
}

Refusal to_refusal(const auth::Refusal& refusal) {
    switch (refusal.code) {
        case auth::RefusalCode::kCodeReplayed:
            return {RefusalCode::kTotpReplayed, refusal.text, {}};
        case auth::RefusalCode::kLocked:
            return {RefusalCode::kLocked, refusal.text, {}};
        case auth::RefusalCode::kPermission:
            return {RefusalCode::kPermission, refusal.text, {}};
        default:
            return {RefusalCode::kTotpWrong, refusal.text, {}};
    }
}

}  // namespace cbe
