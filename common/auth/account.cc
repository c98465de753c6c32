// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/auth/account.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "common/auth/password.h"
#include "common/auth/people.h"
#include "common/auth/record_parts.h"
#include "common/auth/second_factor.h"
#include "common/auth/token.h"

namespace auth {
namespace {

using namespace parts;

constexpr size_t kMostPassword = 256;
// Those of twelve characters and more that lists of stolen passwords begin with.
constexpr std::array<std::string_view, 10> kCommon{
    "123456789012", "password1234",     "passwordpassword", "qwertyuiop123", "administrator",
    "1q2w3e4r5t6y", "changemechangeme", "qwertyuiopas",     "111111111111",  "letmeinletmein"};

base::Result<Link> decode_link(std::string_view row) {
    return store::decode_record<Link>(row, kVersion, [](store::RecordVersion, const Json& json) {
        return Link{
            json.at("for").get<std::string>() == "password" ? Link::For::kPassword : Link::For::kInvitation,
            UserId{json.at("user").get<std::string>()}, instant(json.at("expires_at"))};
    });
}

void end_links(store::Transaction& txn, const UserId& user, Link::For what) {
    std::vector<std::string> old;
    txn.scan(tables::kLinks, "", "", [&](std::string_view hash, std::string_view value) {
        const auto link = decode_link(value);
        if (!link || (link->user == user && link->what == what)) old.emplace_back(hash);
        return true;
    });
    for (const std::string& hash : old) txn.erase(tables::kLinks, hash);
}

Refusal no_link() {
    return {RefusalCode::kExpired,
            "This link is no longer good: it was used, its time is over, or there is a newer one. Ask for "
            "another."};
}

Refusal no_account() {
    return {RefusalCode::kPermission, "Nothing was changed: your account is not active."};
}

std::optional<User> linked(store::Transaction& txn, const Change& change, std::string_view token,
                           Link::For what, UserStatus status) {
    const auto link = find_link(txn, token, change.now);
    if (!link || link->what != what) return {};
    auto user = find_user(txn, link->user);
    return user && user->status == status ? user : std::nullopt;
}

void set_password(const Policy& policy, User& user, const std::string& hash, base::Instant now) {
    auto& earlier = user.password.earlier;
    if (!user.password.hash.empty()) earlier.insert(earlier.begin(), user.password.hash);
    if (earlier.size() > policy.passwords_remembered) earlier.resize(policy.passwords_remembered);
    user.password.hash = hash;
    user.password.kind = Password::Kind::kOwn;
    user.password.changed_at = now;
    user.password_tries = {};
}

// The new secret is in use; the step that confirmed it is used up.
void set_second_factor(User& user, TotpStep step, const std::vector<std::string>& backup) {
    user.second.sealed = std::exchange(user.second.sealed_new, {});
    user.second.codes = {step, {}};
    user.second.backup = backup;
}

Answer<User> written(store::Transaction& txn, const Change& change, User user, const std::string& action) {
    ++user.version;
    put_user(txn, user);
    note(txn, actor_as(change.actor, user), change.now, action, object_of(user.id), Json::object());
    return user;
}

Refusal wrong_new_code() {
    return {RefusalCode::kInvalid,
            "Nothing was changed: that is not the code of the new secret. Type the one that your device "
            "shows now.",
            "totp"};
}

}  // namespace

std::optional<Link> find_link(const store::Reader& reader, std::string_view token, base::Instant now) {
    const auto row = reader.get(tables::kLinks, token_hash(token));
    if (!row) return {};
    const auto link = decode_link(*row);
    if (!link || now >= link->expires_at) return {};
    return *link;
}

void put_link(store::Transaction& txn, std::string_view hash, const Link& link) {
    end_links(txn, link.user, link.what);
    txn.put(tables::kLinks, hash,
            store::encode_record(kVersion,
                                 {{"for", link.what == Link::For::kPassword ? "password" : "invitation"},
                                  {"user", link.user.value()},
                                  {"expires_at", micros(link.expires_at)}}));
}

std::optional<Refusal> judge_password(const Policy& policy, const User& user, std::string_view password) {
    const auto no = [](const std::string& why) {
        return Refusal{RefusalCode::kPassword, "Nothing was changed: " + why + ".", "password"};
    };
    const auto characters = static_cast<size_t>(std::count_if(password.begin(), password.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // UTF-8: not a continuation octet
    }));
    if (characters < policy.password_least)
        return no("a password needs at least " + std::to_string(policy.password_least) + " characters");
    if (password.size() > kMostPassword) return no("a password has at most 256 octets");
    const std::string plain = folded(password);
    if (plain.find(user.username) != std::string::npos) return no("the password contains your user name");
    if (std::find(kCommon.begin(), kCommon.end(), plain) != kCommon.end() ||
        std::all_of(plain.begin(), plain.end(), [&](char c) { return c == plain.front(); }))
        return no("everybody tries that password first");
    return {};
}

bool used_before(const User& user, std::string_view password) {
    if (!user.password.hash.empty() && password_matches(user.password.hash, password)) return true;
    return std::any_of(user.password.earlier.begin(), user.password.earlier.end(),
                       [&](const std::string& hash) { return password_matches(hash, password); });
}

Answer<User> change_password(store::Transaction& txn, const Policy& policy, const Change& change,
                             const UserId& id, std::string_view based_on, const std::string& hash,
                             std::string_view session_token_hash) {
    auto user = find_user(txn, id);
    if (!user || user->status != UserStatus::kActive) return no_account();
    if (user->password_tries.locked(change.now) || user->password.hash != based_on)
        return Refusal{RefusalCode::kStatus,
                       "Nothing was changed: your password was changed or locked meanwhile. Sign in again."};
    set_password(policy, *user, hash, change.now);
    end_sessions(txn, id, session_token_hash);
    return written(txn, change, *std::move(user), "password.change");
}

Refusal wrong_current_password(store::Transaction& txn, const Policy& policy, const Change& change,
                               const UserId& id) {
    if (auto user = find_user(txn, id)) {
        user->password_tries = after_wrong(user->password_tries, policy.password_tries, change.now);
        put_user(txn, *user);
        note(txn, actor_as(change.actor, *user), change.now, "password.refuse", object_of(id),
             Json::object());
    }
    return {RefusalCode::kCredentials, "Nothing was changed: the current password is wrong."};
}

Answer<User> begin_second_factor(store::Transaction& txn, const Change& change, const UserId& id,
                                 const std::string& sealed, std::optional<TotpStep> step) {
    auto user = find_user(txn, id);
    if (!user || user->status != UserStatus::kActive) return no_account();
    if (user->second.enabled()) {
        if (auto no = use_code(txn, id, {step, change.now, object_of(id), change.actor})) return *no;
        user = find_user(txn, id);
    }
    user->second.sealed_new = sealed;
    return written(txn, change, *std::move(user), "second_factor.show");
}

Answer<User> confirm_second_factor(store::Transaction& txn, const Change& change, const UserId& id,
                                   const std::string& sealed, std::optional<TotpStep> step,
                                   const std::vector<std::string>& backup) {
    auto user = find_user(txn, id);
    if (!user || user->status != UserStatus::kActive) return no_account();
    if (sealed.empty() || user->second.sealed_new != sealed || !step) return wrong_new_code();
    set_second_factor(*user, *step, backup);
    return written(txn, change, *std::move(user), "second_factor.set");
}

Answer<User> replace_backup_codes(store::Transaction& txn, const Change& change, const UserId& id,
                                  std::optional<TotpStep> step, const std::vector<std::string>& backup) {
    auto user = find_user(txn, id);
    if (!user || !user->second.enabled()) return no_account();
    if (auto no = use_code(txn, id, {step, change.now, object_of(id), change.actor})) return *no;
    user = find_user(txn, id);
    user->second.backup = backup;
    return written(txn, change, *std::move(user), "backup_codes.set");
}

Answer<User> reset_password(store::Transaction& txn, const Policy& policy, const Change& change,
                            std::string_view token, const std::string& hash) {
    auto user = linked(txn, change, token, Link::For::kPassword, UserStatus::kActive);
    if (!user) return no_link();
    end_links(txn, user->id, Link::For::kPassword);
    set_password(policy, *user, hash, change.now);
    end_sessions(txn, user->id);
    return written(txn, change, *std::move(user), "password.reset");
}

Answer<User> open_invitation(store::Transaction& txn, const Change& change, std::string_view token,
                             const std::string& sealed) {
    auto user = linked(txn, change, token, Link::For::kInvitation, UserStatus::kInvited);
    if (!user) return no_link();
    user->second.sealed_new = sealed;
    return written(txn, change, *std::move(user), "invitation.open");
}

Answer<User> accept_invitation(store::Transaction& txn, const Policy& policy, const Change& change,
                               std::string_view token, const std::string& hash, const std::string& sealed,
                               std::optional<TotpStep> step, const std::vector<std::string>& backup) {
    auto user = linked(txn, change, token, Link::For::kInvitation, UserStatus::kInvited);
    if (!user) return no_link();
    if (sealed.empty() || user->second.sealed_new != sealed || !step) return wrong_new_code();
    end_links(txn, user->id, Link::For::kInvitation);
    set_password(policy, *user, hash, change.now);
    set_second_factor(*user, *step, backup);
    user->status = UserStatus::kActive;
    return written(txn, change, *std::move(user), "invitation.accept");
}

}  // namespace auth
