// SPDX-License-Identifier: AGPL-3.0-or-later
#include <unistd.h>

#include <filesystem>

#include "packaging/farolctl/accounts.h"
#include "packaging/farolctl/back_off.h"
#include "packaging/farolctl/demo_site.h"
#include "packaging/farolctl/file.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

base::Instant at(int64_t seconds) { return base::Instant{std::chrono::seconds{seconds}}; }

struct StepRow {
    auth::TotpStep last_used;
    int64_t now_s;
    auth::TotpStep step;
    int64_t wait_s;
};

// The current step at 3000 s is 100; codes of 99, 100 and 101 are accepted. At 3022 s that of 99 won't be for
// long.
void each_code_is_used_once_and_only_when_it_is_accepted() {
    constexpr std::array kRows{
        StepRow{0, 3000, 99, 0},     StepRow{98, 3000, 99, 0},   StepRow{0, 3021, 99, 0},
        StepRow{0, 3022, 100, 0},    StepRow{99, 3000, 100, 0},  StepRow{100, 3000, 101, 0},
        StepRow{101, 3000, 102, 30}, StepRow{101, 3029, 102, 1}, StepRow{103, 3000, 104, 90}};
    for (const StepRow& row : kRows) {
        const auto next = ctl::next_step(row.last_used, at(row.now_s));
        CHECK_EQ(next.step, row.step);
        CHECK_EQ(next.wait_s, row.wait_s);
    }
}

void back_off_doubles_to_a_limit_and_forgets_after_a_good_run() {
    ctl::BackOff back_off;
    CHECK(back_off.next(0ms) == 500ms);
    CHECK(back_off.next(0ms) == 1000ms);
    for (int i = 0; i < 10; ++i) (void)back_off.next(10ms);
    CHECK(back_off.next(59s) == 30s);
    CHECK(back_off.next(60s) == 500ms);
    CHECK(back_off.next(1s) == 1000ms);
}

void templates_are_filled_and_unknown_names_are_errors() {
    const std::vector<ctl::Substitution> values{{"dir", "/x"}, {"tls", "/x/etc/tls"}};
    const auto filled = ctl::fill("cells: \"@dir@/cells.csv\"\nkey: @tls@/key.pem\n", values);
    CHECK_OK(filled);
    CHECK_EQ(*filled, "cells: \"/x/cells.csv\"\nkey: /x/etc/tls/key.pem\n");
    CHECK_EQ(ctl::fill("@port@", values).error().text, "nobody knows what @port@ stands for");
    CHECK(!ctl::fill("one @ alone", values));
    CHECK_EQ(*ctl::fill("nothing", values), "nothing");
}

class Folder {
 public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "farolctl-XXXXXX").string();
        CHECK(mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
    std::string path_;
};

void accounts_are_kept_for_their_owner_only() {
    const Folder folder;
    const auto told = ctl::Accounts::parse(
        R"({"users":[{"username":"ana","name":"Ana","password":"p","totp_secret":"JBSWY3DP"}]})");
    CHECK_OK(told);
    auto accounts = *told;
    (*accounts.find("ana"))->last_step = 7;
    CHECK_OK(accounts.save(folder.file("a.json")));
    const auto mode = std::filesystem::status(folder.file("a.json")).permissions();
    CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    auto back = ctl::Accounts::load(folder.file("a.json"));
    CHECK_OK(back);
    CHECK_EQ((*back->find("ana"))->last_step, 7);
    CHECK_EQ(back->find("zoe").error().text, "the demo has no account \"zoe\"");
    CHECK(!ctl::Accounts::parse(R"({"users":[{"username":"ana"}]})"));
}

void the_pid_file_tells_who_runs() {
    const Folder folder;
    const std::string path = folder.file("pid");
    CHECK(ctl::pid_in_locked_file(path).error().kind == base::ErrorKind::kNotFound);
    {
        const auto lock = ctl::lock_pid_file(path);
        CHECK_OK(lock);
        CHECK_EQ(*ctl::pid_in_locked_file(path), getpid());
        CHECK(ctl::lock_pid_file(path).error().kind == base::ErrorKind::kConflict);
    }
    CHECK(!ctl::pid_in_locked_file(path));  // the file is there, nobody holds it
}

void daemons_are_known_by_folder_and_by_binary() {
    CHECK_EQ(ctl::daemon_named("cbe")->binary, "cbed");
    CHECK_EQ(ctl::daemon_named("cbed")->folder, "cbe");
    CHECK_EQ(ctl::daemon_named("smtpd").error().text,
             "there is no daemon \"smtpd\"; there are cbc, cbe, ocsd, provd and crmd");
    CHECK_EQ(ctl::Place::system().control_socket(*ctl::daemon_named("cbc")), "/run/farol/cbc/control.sock");
    CHECK_EQ(ctl::Place::below("/d").config(*ctl::daemon_named("cbc")), "/d/etc/cbc.yaml");
}

}  // namespace

GROUP(demo, CASE(each_code_is_used_once_and_only_when_it_is_accepted),
      CASE(back_off_doubles_to_a_limit_and_forgets_after_a_good_run),
      CASE(templates_are_filled_and_unknown_names_are_errors), CASE(accounts_are_kept_for_their_owner_only),
      CASE(the_pid_file_tells_who_runs), CASE(daemons_are_known_by_folder_and_by_binary))
