// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/people_view.h"

#include "cbe/store/people_policy.h"
#include "common/auth/people.h"

namespace cbe {
namespace {

using Json = nlohmann::json;

Json time_or_null(base::Instant at) {
    return at == base::Instant{} ? Json(nullptr)
                                 : Json(base::to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)));
}

Json grants_json(const std::vector<auth::Grant>& grants) {
    Json all = Json::array();
    for (const auth::Grant& grant : grants)
        all.push_back(
            {{"role", grant.role}, {"templates", grant.limits.templates}, {"regions", grant.limits.regions}});
    return all;
}

// Who it was, for a page: the name as it is now.
Json person_json(const auth::UserId& id, const store::Reader& reader) {
    if (id.value().empty()) return nullptr;
    const auto user = auth::find_user(reader, id);
    return {{"id", id.value()},
            {"username", user ? user->username : id.value()},
            {"name", user ? user->name : id.value()}};
}

Json rights_json(const auth::User& user, const store::Reader& reader) {
    const auth::Rights rights = auth::rights_of(reader, catalogue(), user);
    Json all = Json::array();
    for (const auth::PermissionInfo& permission : catalogue().permissions)
        for (const auth::Limits& limits : rights.limits_of(permission.name))
            all.push_back({{"permission", permission.name},
                           {"templates", limits.templates},
                           {"regions", limits.regions}});
    return all;
}

}  // namespace

Json user_json(const auth::User& user, const store::Reader& reader, base::Instant now) {
    const auth::TryGuard& codes = user.second.codes.tries;
    return {
        {"id", user.id.value()},
        {"version", user.version},
        {"username", user.username},
        {"name", user.name},
        {"email", user.email},
        {"phone", user.phone},
        {"identity", user.identity},
        {"status", auth::to_string(user.status)},
        {"roles", grants_json(user.grants)},
        {"rights", rights_json(user, reader)},
        {"second_factor", user.second.enabled()},
        {"backup_codes_left", user.second.backup.size()},
        {"must_change_password", user.password.kind == auth::Password::Kind::kTemporary},
        {"sign_in_locked_until",
         time_or_null(user.password_tries.locked(now) ? user.password_tries.locked_until : base::Instant{})},
        {"decisions_locked_until", time_or_null(codes.locked(now) ? codes.locked_until : base::Instant{})},
        {"created_at", time_or_null(user.created_at)},
        {"last_sign_in", time_or_null(user.last_sign_in)},
        {"sign_ins", user.sign_ins}};
}

Json role_json(const auth::Role& role) {
    return {{"name", role.name},
            {"title", role.title},
            {"description", role.description},
            {"permissions", role.permissions},
            {"ready_made", role.origin == auth::Role::Origin::kReadyMade},
            {"version", role.version}};
}

Json permissions_json() {
    Json all = Json::array();
    for (const auth::PermissionInfo& one : catalogue().permissions)
        all.push_back({{"name", one.name},
                       {"allows", one.allows},
                       {"two_people", one.giving == auth::PermissionInfo::Giving::kTwoPeople},
                       {"api_keys", one.keys == auth::PermissionInfo::Keys::kAllowed}});
    return all;
}

Json request_json(const auth::Request& request, const store::Reader& reader, base::Instant now) {
    return {{"id", request.id},
            {"kind", auth::to_string(request.kind)},
            {"summary", request.summary},
            {"what", Json::parse(request.payload, nullptr, false)},
            {"status", auth::to_string(request.status_at(now))},
            {"asked_by", person_json(request.asked_by, reader)},
            {"asked_at", time_or_null(request.asked_at)},
            {"expires_at", time_or_null(request.expires_at)},
            {"decided_by", person_json(request.decided_by, reader)},
            {"decided_at", time_or_null(request.decided_at)},
            {"reason", request.reason}};
}

Json key_json(const auth::ApiKey& key, const store::Reader& reader, base::Instant now) {
    return {{"id", key.id},
            {"version", key.version},
            {"name", key.name},
            {"description", key.description},
            {"permissions", key.permissions},
            {"addresses", key.addresses},
            {"holder", person_json(key.holder, reader)},
            {"status", auth::to_string(key.status_at(now))},
            {"shown", key.shown},
            {"has_value", !key.hash.empty()},
            {"created_at", time_or_null(key.created_at)},
            {"expires_at", time_or_null(key.expires_at)},
            {"last_used", time_or_null(key.last_used)}};
}

Json session_json(const auth::Session& session, const auth::Policy& policy, std::string_view own_id) {
    return {{"id", session.id},
            {"own", session.id == own_id},
            {"signed_in", time_or_null(session.signed_in)},
            {"last_used", time_or_null(session.last_used)},
            {"ends_at", time_or_null(auth::end_of(session, policy))},
            {"address", session.address},
            {"agent", session.agent},
            {"with", auth::to_string(session.with)}};
}

Json changed_json(const auth::Changed& changed, const store::Reader& reader, base::Instant now) {
    using What = auth::Changed::What;
    switch (changed.what) {
        case What::kUser:
            if (const auto user = auth::find_user(reader, auth::UserId{changed.id}))
                return user_json(*user, reader, now);
            break;
        case What::kRequest:
            if (const auto request = auth::find_request(reader, changed.id))
                return request_json(*request, reader, now);
            break;
        case What::kRole:
            if (const auto role = auth::find_role(reader, catalogue(), changed.id)) return role_json(*role);
            break;
        case What::kApiKey:
            if (const auto key = auth::find_api_key(reader, changed.id)) return key_json(*key, reader, now);
            break;
    }
    return Json::object();
}

}  // namespace cbe
