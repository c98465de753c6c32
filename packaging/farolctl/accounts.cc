// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/accounts.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/json/object.h"
#include "common/json/parse.h"
#include "packaging/farolctl/answer.h"
#include "packaging/farolctl/file.h"

namespace ctl {

namespace {

constexpr int64_t kStepSeconds = 30;
// So much later a code must still be good: passwords are hashed slowly.
constexpr std::chrono::seconds kOnItsWay{8};

}  // namespace

base::Result<Accounts> Accounts::parse(std::string_view text) {
    const auto parsed = json::parse(text);
    if (!parsed) return parsed.error();
    json::Problems problems;
    json::Object object(*parsed, problems);
    Accounts out;
    object.objects("users", {}, [&](json::Object& user) {
        Account account;
        account.username = user.string("username", {});
        account.name = user.string("name", {});
        account.password = user.string("password", {});
        account.totp_secret = user.string("totp_secret", {});
        account.last_step = user.optional_integer("last_step", {}).value_or(0);
        out.list_.push_back(std::move(account));
    });
    if (!problems.empty()) return problems.error().within("demo accounts");
    return out;
}

base::Result<Accounts> Accounts::load(const std::string& path) {
    const auto text = read_file(path);
    if (!text) return text.error();
    return parse(*text);
}

base::Result<void> Accounts::save(const std::string& path) const {
    nlohmann::json users = nlohmann::json::array();
    for (const Account& one : list_)
        users.push_back({{"username", one.username},
                         {"name", one.name},
                         {"password", one.password},
                         {"totp_secret", one.totp_secret},
                         {"last_step", one.last_step}});
    return write_file(path, nlohmann::json{{"users", users}}.dump(2) + "\n", FileMode::kOwnerOnly);
}

base::Result<Account*> Accounts::find(std::string_view username) {
    const auto found = std::find_if(list_.begin(), list_.end(),
                                    [&](const Account& one) { return one.username == username; });
    if (found == list_.end())
        return base::not_found("the demo has no account \"" + std::string(username) + "\"");
    return &*found;
}

std::string Accounts::text() const {
    std::vector<std::vector<std::string>> rows{{"user", "name", "password", "authenticator secret"}};
    for (const Account& one : list_) rows.push_back({one.username, one.name, one.password, one.totp_secret});
    return table(rows);
}

NextStep next_step(auth::TotpStep last_used, base::Instant now) {
    const auth::TotpStep current = auth::totp_step(now);
    const auth::TotpStep soon = auth::totp_step(now + kOnItsWay);
    const auth::TotpStep step = std::max(last_used + 1, soon - 1);
    if (step <= current + 1) return {step, 0};
    const auto begins = base::Instant{std::chrono::seconds{(step - 1) * kStepSeconds}};
    return {step, std::chrono::ceil<std::chrono::seconds>(begins - now).count()};
}

}  // namespace ctl
