// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Users, roles, requests, sessions and keys as JSON of the API. No hash and no secret is ever in them.
#pragma once

#include <nlohmann/json.hpp>

#include "common/auth/administration.h"
#include "common/auth/session.h"

namespace cbe {

nlohmann::json user_json(const auth::User& user, const store::Reader& reader, base::Instant now);
nlohmann::json role_json(const auth::Role& role);
nlohmann::json permissions_json();
nlohmann::json request_json(const auth::Request& request, const store::Reader& reader, base::Instant now);
nlohmann::json key_json(const auth::ApiKey& key, const store::Reader& reader, base::Instant now);
nlohmann::json session_json(const auth::Session& session, const auth::Policy& policy,
                            std::string_view own_id);

// What a change left behind, as it is now.
nlohmann::json changed_json(const auth::Changed& changed, const store::Reader& reader, base::Instant now);

}  // namespace cbe
