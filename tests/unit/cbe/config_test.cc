// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/config.h"

#include <fstream>

#include "tests/support/certs.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;

// A folder with a channel table and a cell table, and certificates to name.
struct Folder {
    test::TempDir dir;
    test::Certs certs;
    std::string channels = write("channels.yaml",
                                 "channels:\n"
                                 "  - {key: level3, name: Level 3, identifiers: [\"4373\"], kind: live}\n"
                                 "  - {key: rmt, name: Test, identifiers: [\"4380\"], kind: test}\n");
    std::string cells = write("cells.csv",
                              "technology,mcc,mnc,lac,ci,name,lat,lon\n"
                              "gsm,001,01,1,100,Harbour,-33.8688,151.2093\n");

    std::string write(const std::string& name, const std::string& text) {
        const std::string path = dir / name;
        std::ofstream(path) << text;
        return path;
    }
    std::string api() {
        const tls::Files files = certs.files("cbe");
        return "api: {certificate: " + files.certificate + ", key: " + files.key + "}\n";
    }
    std::string base(const std::string& mode = "training") {
        return api() + "authority: {id: harbour, name: Harbour office, mode: " + mode +
               "}\nchannels: " + channels + "\ncells: " + cells + "\n";
    }
    std::string live() {
        const tls::Files files = certs.files("cbe", "client");
        return base("live") +
               "cbcs: [{name: north, url: \"https://north.example:8444/\"}]\nclient: {certificate: " +
               files.certificate + ", key: " + files.key + ", trusted: [" + certs.authority() + "]}\n";
    }
};

struct Read {
    cbe::Config config;
    std::string problems;
};
Read read(const std::string& yaml) {
    Read made;
    config::Document document = config::Document::parse(yaml);
    cbe::read(document.root(), made.config);
    for (const config::Problem& problem : document.finish()) made.problems += problem.message() + "\n";
    return made;
}

void fails(const std::string& yaml, const std::string& words) {
    const std::string problems = read(yaml).problems;
    if (problems.find(words) == std::string::npos)
        test::fail_at(__FILE__, __LINE__, "\"" + words + "\" is not in: " + problems);
}

void a_training_office_needs_little_and_gets_defaults() {
    Folder folder;
    const Read made = read(folder.base());
    CHECK_EQ(made.problems, "");
    CHECK(made.config.authority.mode == cbe::Mode::kTraining);
    CHECK_EQ(made.config.frame.api.port, 8443);
    CHECK_EQ(made.config.sign_in.burst, 20);
    CHECK_EQ(made.config.sign_in.per_minute, 20);
    CHECK(made.config.demo == cbe::Config::Demo::kOff);
    CHECK(made.config.channels.find("level3") != nullptr);
    CHECK_EQ(made.config.cells.sites().size(), 1U);
    CHECK(!made.config.machines);
}

void a_live_office_names_its_centres_and_its_certificate() {
    Folder folder;
    const Read made = read(folder.live());
    CHECK_EQ(made.problems, "");
    CHECK_EQ(made.config.cbcs.size(), 1U);
    CHECK_EQ(made.config.cbcs[0].url, "https://north.example:8444");
    fails(folder.base("live"), "a live authority needs at least one");
    fails(folder.base("live") + "cbcs: [{name: north, url: \"http://north.example\"}]\n",
          "must begin with https://");
}

void a_training_office_with_a_way_to_a_centre_is_refused() {
    Folder folder;
    fails(folder.base() + "cbcs: [{name: north, url: \"https://north.example\"}]\n",
          "a training authority must have neither");
    fails(folder.base() + "client: {certificate: x, key: y, trusted: [z]}\n",
          "a training authority must have neither");
}

void every_mistake_is_said_at_once() {
    Folder folder;
    const std::string problems =
        read(folder.api() +
             "authority: {id: harbour, name: H, mode: lively, channels: [level9]}\nchannels: " +
             folder.channels + "\nsign_in: {burst: 0}\ncodes: {first: 9, last: 3}\ndemmo: true\n")
            .problems;
    for (const char* words : {"live", "there is no channel \"level9\"", "burst", "must not be below `first`",
                              "the reserve must lie inside the range", "demmo"})
        if (problems.find(words) == std::string::npos)
            test::fail_at(__FILE__, __LINE__, std::string(words) + " is not in: " + problems);
}

void tables_that_cannot_be_read_name_the_file() {
    Folder folder;
    const std::string broken = folder.write("broken.csv", "technology,mcc\ngsm,001\n");
    const std::string base = folder.api() + "authority: {id: harbour, name: H, mode: training}\n";
    fails(base + "channels: " + folder.channels + "\ncells: " + broken + "\n", "broken.csv");
    fails(base + "channels: " + folder.channels + "\ncells: /no/where.csv\n", "cannot read /no/where.csv");
    fails(base + "channels: " + folder.write("none.yaml", "channels: []\n") + "\n", "has no channels");
    const std::string odd =
        folder.write("odd.yaml", "channels: [{key: a, name: A, identifiers: [\"70000\"], kind: live}]\n");
    fails(base + "channels: " + odd + "\n", "\"70000\" is not a number from 0 to 65535");
}

void machines_have_certificates_of_role_crm() {
    Folder folder;
    const tls::Files files = folder.certs.files("cbe", "machines");
    const auto with = [&](const std::string& uri) {
        return folder.base() + "machines: {certificate: " + files.certificate + ", key: " + files.key +
               ", trusted: [" + folder.certs.authority() + "], clients: [{certificate: \"" + uri +
               "\", name: dispatch}]}\n";
    };
    const Read made = read(with("farol://test/crm/a"));
    CHECK_EQ(made.problems, "");
    CHECK_EQ(made.config.machines->port, 8449);
    CHECK_EQ(made.config.machine_clients.size(), 1U);
    fails(with("farol://test/cbc/a"), "must be of role crm");
    fails(with("https://test/crm/a"), "clients");
}

}  // namespace

GROUP(config, CASE(a_training_office_needs_little_and_gets_defaults),
      CASE(a_live_office_names_its_centres_and_its_certificate),
      CASE(a_training_office_with_a_way_to_a_centre_is_refused), CASE(every_mistake_is_said_at_once),
      CASE(tables_that_cannot_be_read_name_the_file), CASE(machines_have_certificates_of_role_crm))
