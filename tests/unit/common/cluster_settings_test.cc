// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/cluster_settings.h"

#include "tests/support/certs.h"
#include "tests/support/test.h"

using namespace std::chrono_literals;

namespace {

struct Read {
    explicit Read(const std::string& block, tls::Files api = {}, uint16_t port = 7105) {
        auto document = config::Document::parse(block, "f.yaml");
        settings.port = port;
        frame::read(document.root().section("cluster"), api, settings);
        for (const config::Problem& problem : document.finish()) problems.push_back(problem.message());
    }
    bool complains(const std::string& words) const {
        for (const std::string& problem : problems)
            if (problem.find(words) != std::string::npos) return true;
        return false;
    }
    frame::ClusterSettings settings;
    std::vector<std::string> problems;
};

void without_the_block_there_is_no_cluster() {
    const Read it("log: {}\n", {}, 0);
    CHECK(!it.settings.wanted);
}

void an_address_is_enough_for_the_rest_there_are_defaults() {
    test::Certs certs;
    const tls::Files api = certs.files("ocs");
    const Read it("cluster: {listen: 192.0.2.7:7102}\n", api);
    CHECK(it.problems.empty());
    CHECK(it.settings.wanted);
    CHECK_EQ(it.settings.listen.text(), "192.0.2.7:7102");
    CHECK_EQ(it.settings.advertise.text(), "192.0.2.7:7102");
    CHECK_EQ(it.settings.files.certificate, api.certificate);
    CHECK_EQ(it.settings.files.trusted.size(), 1U);
    CHECK(it.settings.role == replica::Role::kMember);
    CHECK(it.settings.timing == replica::Timing{});
}

void everything_can_be_said() {
    test::Certs certs;
    const tls::Files own = certs.files("ocs", "b");
    const Read it(
        "cluster:\n  listen: 0.0.0.0:7102\n  advertise: 198.51.100.7:17102\n  role: voter\n  certificate: " +
            own.certificate + "\n  key: " + own.key + "\n  trusted: [" + certs.authority() +
            "]\n  copy_rate: 1MiB\n  forward_timeout: 5s\n  election: 300ms\n  heartbeat: 50ms\n",
        certs.files("ocs"));
    CHECK(it.problems.empty());
    CHECK_EQ(it.settings.listen.text(), "0.0.0.0:7102");
    CHECK_EQ(it.settings.advertise.text(), "198.51.100.7:17102");
    CHECK(it.settings.role == replica::Role::kVoter);
    CHECK_EQ(it.settings.files.certificate, own.certificate);
    CHECK_EQ(it.settings.copy_rate, uint64_t{1} << 20);
    CHECK(it.settings.forward_timeout == 5s);
    CHECK(it.settings.timing.election == 300ms);
    CHECK(it.settings.timing.heartbeat == 50ms);
}

void an_address_that_nobody_can_reach_is_refused() {
    test::Certs certs;
    CHECK(Read("cluster: {role: member}\n", certs.files("ocs")).complains("cluster.listen: is missing"));
    for (const char* any : {"0.0.0.0:7102", "\"[::]:7102\"", ":7102"})
        CHECK(
            Read("cluster: {listen: " + std::string(any) + "}\n", certs.files("ocs")).complains("advertise"));
    CHECK(Read("cluster: {listen: 192.0.2.7:0}\n", certs.files("ocs")).complains("cannot be 0"));
}

void an_api_for_browsers_trusts_nobody_so_the_cluster_must_say_whom() {
    test::Certs certs;
    tls::Files api = certs.files("cbe");
    api.trusted.clear();
    CHECK(Read("cluster: {listen: 192.0.2.7:7101}\n", api).complains("cluster.trusted: missing"));
}

void a_heartbeat_too_rare_for_the_election_time_out_is_refused() {
    test::Certs certs;
    const std::string block = "cluster: {listen: 192.0.2.7:7102, election: 300ms, heartbeat: ";
    CHECK(Read(block + "100ms}\n", certs.files("ocs")).problems.empty());
    CHECK(Read(block + "101ms}\n", certs.files("ocs")).complains("a third"));
}

void a_daemon_that_must_not_need_others_has_no_cluster() {
    test::Certs certs;
    CHECK(Read("cluster: {listen: 192.0.2.7:7102}\n", certs.files("cbc"), 0)
              .complains("never part of a cluster"));
}

}  // namespace

GROUP(cluster_settings, CASE(without_the_block_there_is_no_cluster),
      CASE(an_address_is_enough_for_the_rest_there_are_defaults), CASE(everything_can_be_said),
      CASE(an_address_that_nobody_can_reach_is_refused),
      CASE(an_api_for_browsers_trusts_nobody_so_the_cluster_must_say_whom),
      CASE(a_heartbeat_too_rare_for_the_election_time_out_is_refused),
      CASE(a_daemon_that_must_not_need_others_has_no_cluster))
