// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/session.h"

#include <algorithm>

#include "common/auth/people.h"
#include "common/auth/record_parts.h"
#include "common/store/key.h"

namespace auth {
namespace {

using namespace parts;

std::string key_of(const UserId& user, std::string_view session) {
    return store::Key().text(user.value()).text(session).octets();
}

std::optional<Session::With> with_of(std::string_view text) {
    for (const auto with : {Session::With::kCode, Session::With::kBackupCode, Session::With::kPassword})
        if (to_string(with) == text) return with;
    return {};
}

std::string encode(const Session& session) {
    return store::encode_record(kVersion, {{"id", session.id},
                                           {"user", session.user.value()},
                                           {"signed_in", micros(session.signed_in)},
                                           {"last_used", micros(session.last_used)},
                                           {"address", session.address},
                                           {"agent", session.agent},
                                           {"with", to_string(session.with)}});
}

base::Result<Session> decode(std::string_view row) {
    return store::decode_record<Session>(row, kVersion, [](store::RecordVersion, const Json& json) {
        return Session{json.at("id").get<std::string>(),      UserId{json.at("user").get<std::string>()},
                       instant(json.at("signed_in")),         instant(json.at("last_used")),
                       json.at("address").get<std::string>(), json.at("agent").get<std::string>(),
                       word(json.at("with"), with_of)};
    });
}

struct Row {
    std::string hash;
    Session session;
};

std::vector<Row> rows_of(const store::Reader& reader, const UserId& user) {
    std::vector<Row> rows;
    const std::string all = store::Key().text(user.value()).octets();
    reader.scan(tables::kUserSessions, all, all, [&](std::string_view, std::string_view hash) {
        if (const auto row = reader.get(tables::kSessions, hash))
            if (auto session = decode(*row)) rows.push_back({std::string(hash), *std::move(session)});
        return true;
    });
    return rows;
}

}  // namespace

std::string_view to_string(Session::With with) {
    switch (with) {
        case Session::With::kCode:
            return "totp";
        case Session::With::kBackupCode:
            return "backup_code";
        case Session::With::kPassword:
            return "password";
    }
    return "unknown";
}

base::Instant end_of(const Session& session, const Policy& policy) {
    return std::min(session.last_used + policy.session_idle, session.signed_in + policy.session_longest);
}

std::optional<Session> find_session(const store::Reader& reader, const Policy& policy,
                                    std::string_view token_hash, base::Instant now) {
    const auto row = reader.get(tables::kSessions, token_hash);
    if (!row) return {};
    auto session = decode(*row);
    if (!session || now >= end_of(*session, policy)) return {};
    return *std::move(session);
}

void put_session(store::Transaction& txn, std::string_view token_hash, const Session& session) {
    txn.put(tables::kSessions, token_hash, encode(session));
    txn.put(tables::kUserSessions, key_of(session.user, session.id), token_hash);
}

void erase_session(store::Transaction& txn, std::string_view token_hash, const Session& session) {
    txn.erase(tables::kSessions, token_hash);
    txn.erase(tables::kUserSessions, key_of(session.user, session.id));
}

std::vector<Session> sessions_of(const store::Reader& reader, const Policy& policy, const UserId& user,
                                 base::Instant now) {
    std::vector<Session> all;
    for (Row& row : rows_of(reader, user))
        if (now < end_of(row.session, policy)) all.push_back(std::move(row.session));
    std::sort(all.begin(), all.end(),
              [](const Session& a, const Session& b) { return a.last_used > b.last_used; });
    return all;
}

size_t end_sessions(store::Transaction& txn, const UserId& user, std::string_view but) {
    size_t ended = 0;
    for (const Row& row : rows_of(txn, user)) {
        if (row.hash == but) continue;
        erase_session(txn, row.hash, row.session);
        ++ended;
    }
    return ended;
}

Ended end_session(store::Transaction& txn, const UserId& user, std::string_view session_id) {
    const auto hash = txn.get(tables::kUserSessions, key_of(user, session_id));
    if (!hash) return Ended::kNone;
    txn.erase(tables::kSessions, *hash);
    txn.erase(tables::kUserSessions, key_of(user, session_id));
    return Ended::kYes;
}

void forget_sessions(store::Transaction& txn, const Policy& policy, base::Instant now, size_t limit) {
    std::vector<Row> over;
    std::vector<std::string> unreadable;
    txn.scan(tables::kSessions, "", "", [&](std::string_view hash, std::string_view value) {
        const auto session = decode(value);
        if (!session)
            unreadable.emplace_back(hash);
        else if (now >= end_of(*session, policy))
            over.push_back({std::string(hash), *session});
        return over.size() + unreadable.size() < limit;
    });
    for (const Row& row : over) erase_session(txn, row.hash, row.session);
    for (const std::string& hash : unreadable) txn.erase(tables::kSessions, hash);
}

}  // namespace auth
