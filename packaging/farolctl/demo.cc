// SPDX-License-Identifier: AGPL-3.0-or-later
//
// up, down, demo seed, demo alert: a site for trying out, all of it below one folder.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "common/json/parse.h"
#include "packaging/farolctl/accounts.h"
#include "packaging/farolctl/caller.h"
#include "packaging/farolctl/commands.h"
#include "packaging/farolctl/demo_site.h"
#include "packaging/farolctl/file.h"
#include "packaging/farolctl/officer.h"
#include "packaging/farolctl/supervisor.h"

namespace ctl {

namespace {

using namespace std::chrono_literals;

constexpr int kOk = 200;
constexpr auto kDownPatience = 120s;  // five daemons, one after another
constexpr auto kLook = 100ms;
constexpr auto kSeedPatience = 90s;  // three passwords are hashed, which is slow on purpose
constexpr const char* kAuthor = "ana";
constexpr const char* kApprover = "bruno";

const DaemonName& cbe() { return kDaemons.back(); }

base::Result<std::vector<DaemonName>> chosen(const std::vector<std::string>& only) {
    std::vector<DaemonName> out(kDaemons.begin(), kDaemons.end());
    for (const std::string& name : only)
        if (const auto known = daemon_named(name); !known) return known.error();
    std::erase_if(out, [&](const DaemonName& daemon) {
        const auto is_it = [&](const std::string& name) {
            return name == daemon.folder || name == daemon.binary;
        };
        return !only.empty() && std::none_of(only.begin(), only.end(), is_it);
    });
    return out;
}

// The accounts that are kept, or new ones from cbed.
base::Result<Accounts> seed(const Place& place) {
    if (auto kept = Accounts::load(place.accounts())) return kept;
    auto caller = Caller::create();
    if (!caller) return caller.error();
    const auto response = caller->control(place.control_socket(cbe()), http::Method::kPost,
                                          "/control/demo/seed", "{}", kSeedPatience);
    if (!response) return response.error();
    if (response->status != kOk) {
        const Answer refusal = Answer::of(*response);
        return base::refused(refusal.text);
    }
    auto accounts = Accounts::parse(response->body);
    if (!accounts) return accounts.error();
    if (const auto saved = accounts->save(place.accounts()); !saved) return saved.error();
    return accounts;
}

void say_line(Format format, const std::string& line) {
    if (format == Format::kText)
        std::printf("%s\n", line.c_str());
    else
        std::printf("%s\n", json::dump({{"event", line}}).c_str());
    std::fflush(stdout);
}

std::string addresses(const Place& place, const std::vector<DaemonName>& daemons) {
    std::vector<std::vector<std::string>> rows{{"daemon", "address", "log"}};
    for (const DaemonName& daemon : daemons) {
        const auto port = listener_port(place, daemon, "api");
        rows.push_back({std::string(daemon.binary), port ? "https://localhost:" + std::to_string(*port) : "",
                        place.log(daemon)});
    }
    return table(rows);
}

void welcome(const Place& place, const std::vector<DaemonName>& daemons, Format format) {
    say_line(format, addresses(place, daemons));
    const bool has_cbe = std::any_of(daemons.begin(), daemons.end(),
                                     [](const DaemonName& daemon) { return daemon.folder == cbe().folder; });
    if (!has_cbe) return;
    const auto accounts = seed(place);
    say_line(format, accounts ? accounts->text() : "demo accounts: " + accounts.error().text);
}

// What a step of the demo alert answered: the alert, or what to say instead.
struct Step {
    std::optional<nlohmann::json> alert;
    Answer otherwise;
};

Step step_of(const base::Result<http::Response>& response) {
    if (!response) return {std::nullopt, Answer::of(response.error())};
    if (response->status < 200 || response->status > 299) return {std::nullopt, Answer::of(*response)};
    auto parsed = json::parse(response->body);
    if (!parsed) return {std::nullopt, Answer::of(parsed.error().within("cbed"))};
    return {std::move(*parsed), {}};
}

std::string word(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// Author: create and submit. Approver: approve what he saw. Both through the interface that browsers use.
Step walk(Officer& author, Officer& approver, const DemoAlert& wanted) {
    if (Step step = step_of(author.sign_in()); !step.alert) return step;
    Step created = step_of(
        author.post("/api/v1/alerts", {{"channel", wanted.channel},
                                       {"messages", {{{"language", wanted.language}, {"text", wanted.text}}}},
                                       {"area", {{"kind", "all"}}}}));
    if (!created.alert) return created;
    const std::string path = "/api/v1/alerts/" + word(*created.alert, "id");
    Step submitted =
        step_of(author.decide(path + "/submit", {{"version", created.alert->value("version", 1)}}));
    if (!submitted.alert) return submitted;
    if (Step step = step_of(approver.sign_in()); !step.alert) return step;
    Step seen = step_of(approver.get(path));
    if (!seen.alert) return seen;
    return step_of(approver.decide(path + "/approve", {{"digest", word(*seen.alert, "digest")}}));
}

Step wait_for_air(Officer& officer, Step approved, int wait_s) {
    const std::string path = "/api/v1/alerts/" + word(*approved.alert, "id");
    for (int i = 0; i < wait_s && word(*approved.alert, "status") == "approved"; ++i) {
        std::this_thread::sleep_for(1s);
        Step seen = step_of(officer.get(path));
        if (!seen.alert) return seen;
        approved = std::move(seen);
    }
    return approved;
}

}  // namespace

Answer up(const Place& place, const Up& wanted) {
    const auto daemons = chosen(wanted.only);
    if (!daemons) return Answer::of(daemons.error());
    if (const auto made = make_folders(place.root()); !made) return Answer::of(made.error());
    const auto lock = lock_pid_file(place.pid_file());
    if (!lock) return Answer::of(lock.error());
    if (const auto written = write_demo_site(place, wanted.templates, *daemons); !written)
        return Answer::of(written.error());
    const auto supervisor =
        Supervisor::create(place, *daemons, [&](const std::string& line) { say_line(wanted.format, line); });
    if (!supervisor) return Answer::of(supervisor.error());
    const auto ran = (*supervisor)->run([&] { welcome(place, *daemons, wanted.format); });
    if (!ran) return Answer::of(ran.error());
    return Answer::of("stopped", {{"event", "stopped"}});
}

Answer down(const Place& place) {
    const auto pid = pid_in_locked_file(place.pid_file());
    if (!pid) return Answer::of(pid.error());
    if (kill(*pid, SIGTERM) != 0)
        return Answer::of(base::io_error("signal process " + std::to_string(*pid), errno));
    const auto end = std::chrono::steady_clock::now() + kDownPatience;
    while (std::chrono::steady_clock::now() < end) {
        if (!pid_in_locked_file(place.pid_file())) return Answer::of("stopped", {{"pid", *pid}});
        std::this_thread::sleep_for(kLook);
    }
    return Answer::of(
        base::Error{base::ErrorKind::kTimeout, "process " + std::to_string(*pid) + " does not end"});
}

Answer demo_seed(const Place& place) {
    const auto accounts = seed(place);
    if (!accounts) return Answer::of(accounts.error());
    nlohmann::json users = nlohmann::json::array();
    for (const Account& one : accounts->all())
        users.push_back({{"username", one.username},
                         {"name", one.name},
                         {"password", one.password},
                         {"totp_secret", one.totp_secret}});
    return Answer::of(accounts->text(), {{"users", users}});
}

Answer demo_alert(const Place& place, const DemoAlert& wanted) {
    auto accounts = seed(place);
    if (!accounts) return Answer::of(accounts.error());
    const auto author_account = accounts->find(kAuthor);
    const auto approver_account = accounts->find(kApprover);
    if (!author_account) return Answer::of(author_account.error());
    if (!approver_account) return Answer::of(approver_account.error());
    const auto port = listener_port(place, cbe(), "api");
    if (!port) return Answer::of(port.error());
    auto caller = Caller::create(place.tls() + "/ca.pem");
    if (!caller) return Answer::of(caller.error());
    const std::string url = "https://localhost:" + std::to_string(*port);
    Officer author(*caller, url, **author_account);
    Officer approver(*caller, url, **approver_account);
    Step result = walk(author, approver, wanted);
    // The codes are used up whatever came of it.
    if (const auto saved = accounts->save(place.accounts()); !saved) return Answer::of(saved.error());
    if (result.alert) result = wait_for_air(approver, std::move(result), wanted.wait_s);
    if (!result.alert) return result.otherwise;
    const std::string status = word(*result.alert, "status");
    const std::string text = "alert " + word(*result.alert, "id") + ": " + status + ", " +
                             word(*result.alert, "health") + "\nwritten by " + kAuthor + ", approved by " +
                             kApprover;
    return Answer::of(text, *result.alert, status == "broadcasting" ? ExitCode::kOk : ExitCode::kPartly);
}

}  // namespace ctl
