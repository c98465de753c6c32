// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/people.h"

#include <algorithm>

#include "common/auth/record_parts.h"
#include "common/store/key.h"

namespace auth {
namespace {

using namespace parts;

store::Key key_of(std::string_view text) { return store::Key().text(text); }

base::Result<Role> decode_role(std::string_view row) {
    return store::decode_record<Role>(row, kVersion, [](store::RecordVersion, const Json& json) {
        return Role{json.at("name").get<std::string>(),
                    json.at("title").get<std::string>(),
                    json.at("description").get<std::string>(),
                    json.at("permissions").get<std::vector<std::string>>(),
                    Role::Origin::kOwn,
                    json.at("version").get<uint32_t>()};
    });
}

bool takes_in(const std::vector<std::string>& limit, const std::string& name) {
    return limit.empty() || (!name.empty() && std::find(limit.begin(), limit.end(), name) != limit.end());
}

void move_name(store::Transaction& txn, std::string_view table, const std::string& before,
               const std::string& now, const UserId& id) {
    if (!before.empty() && before != now) txn.erase(table, key_of(before));
    if (!now.empty()) txn.put(table, key_of(now), id.value());
}

}  // namespace

std::vector<std::string> tables::essential() {
    std::vector<std::string> all;
    for (const std::string_view table : {kUsers, kUsernames, kEmails, kRoles, kSessions, kUserSessions,
                                         kLinks, kRequests, kApiKeys, kApiKeyHashes})
        all.emplace_back(table);
    return all;
}

std::optional<User> find_user(const store::Reader& reader, const UserId& id) {
    const auto row = reader.get(tables::kUsers, key_of(id.value()));
    if (!row) return {};
    auto user = decode_user(*row);
    if (!user) return {};
    return *std::move(user);
}

std::optional<User> find_user_by_name(const store::Reader& reader, std::string_view name) {
    const bool is_address = name.find('@') != std::string_view::npos;
    const auto id = reader.get(is_address ? tables::kEmails : tables::kUsernames, key_of(folded(name)));
    return id ? find_user(reader, UserId{*id}) : std::nullopt;
}

void each_user(const store::Reader& reader, const std::function<bool(const User&)>& each) {
    reader.scan(tables::kUsers, "", "", [&](std::string_view, std::string_view value) {
        const auto user = decode_user(value);
        return !user || each(*user);
    });
}

void put_user(store::Transaction& txn, const User& user) {
    const auto before = find_user(txn, user.id);
    move_name(txn, tables::kUsernames, before ? before->username : "", user.username, user.id);
    move_name(txn, tables::kEmails, before ? folded(before->email) : "", folded(user.email), user.id);
    txn.put(tables::kUsers, key_of(user.id.value()), encode(user));
}

std::optional<Role> find_role(const store::Reader& reader, const Catalogue& catalogue,
                              std::string_view name) {
    for (const Role& role : catalogue.roles)
        if (role.name == name) return role;
    const auto row = reader.get(tables::kRoles, key_of(name));
    if (!row) return {};
    auto role = decode_role(*row);
    if (!role) return {};
    return *std::move(role);
}

std::vector<Role> all_roles(const store::Reader& reader, const Catalogue& catalogue) {
    std::vector<Role> roles = catalogue.roles;
    reader.scan(tables::kRoles, "", "", [&](std::string_view, std::string_view value) {
        if (auto role = decode_role(value)) roles.push_back(*std::move(role));
        return true;
    });
    return roles;
}

void put_role(store::Transaction& txn, const Role& role) {
    txn.put(tables::kRoles, key_of(role.name),
            store::encode_record(kVersion, {{"name", role.name},
                                            {"title", role.title},
                                            {"description", role.description},
                                            {"permissions", role.permissions},
                                            {"version", role.version}}));
}

void erase_role(store::Transaction& txn, std::string_view name) { txn.erase(tables::kRoles, key_of(name)); }

bool Rights::holds(std::string_view permission) const {
    return std::any_of(rights_.begin(), rights_.end(), [&](const Right& right) {
        return right.permission == permission && right.limits.none();
    });
}

bool Rights::allows(std::string_view permission, const Subject& subject) const {
    return std::any_of(rights_.begin(), rights_.end(), [&](const Right& right) {
        return right.permission == permission && takes_in(right.limits.templates, subject.template_name) &&
               takes_in(right.limits.regions, subject.region);
    });
}

std::vector<Limits> Rights::limits_of(std::string_view permission) const {
    std::vector<Limits> all;
    for (const Right& right : rights_)
        if (right.permission == permission) all.push_back(right.limits);
    return all;
}

std::vector<std::string> Rights::all() const {
    std::vector<std::string> names;
    for (const Right& right : rights_)
        if (right.limits.none() && std::find(names.begin(), names.end(), right.permission) == names.end())
            names.push_back(right.permission);
    return names;
}

Rights rights_of(const store::Reader& reader, const Catalogue& catalogue, const User& user) {
    Rights rights;
    if (user.status != UserStatus::kActive) return rights;
    for (const Grant& grant : user.grants) {
        const auto role = find_role(reader, catalogue, grant.role);
        if (!role) continue;
        for (const std::string& permission : role->permissions)
            if (catalogue.find(permission) != nullptr) rights.add(permission, grant.limits);
    }
    return rights;
}

std::vector<User> other_administrators(const store::Reader& reader, const Catalogue& catalogue,
                                       const User& user) {
    std::vector<User> all;
    each_user(reader, [&](const User& one) {
        if (!one.same_person(user) && rights_of(reader, catalogue, one).holds(catalogue.administer))
            all.push_back(one);
        return true;
    });
    return all;
}

}  // namespace auth
