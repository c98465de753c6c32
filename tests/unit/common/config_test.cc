// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/config/config.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/test.h"

using namespace std::chrono_literals;

namespace {

struct Peer {
    std::string name;
    std::string host = "127.0.0.1";
    uint16_t port = 48049;
};

struct Sample {
    std::string node = "a";
    bool demo = false;
    int64_t retries = 5;
    uint16_t port = 80;
    std::vector<std::string> trusted;
    std::string cells;
    std::chrono::milliseconds keep_alive = 30s;
    uint64_t quota = 1 << 20;
    size_t format = 0;
    std::vector<Peer> peers;
    std::vector<std::pair<std::string, int64_t>> limits;
};

void read(config::Section in, Sample& out) {
    in.name("node", out.node);
    in.value("demo", out.demo);
    in.value("retries", out.retries, 1, 15);
    in.value("port", out.port);
    in.path("cells", out.cells);
    in.size("quota", out.quota, 1 << 10, uint64_t{1} << 40);
    in.choice("format", out.format, {"auto", "text", "json"});
    config::Section link = in.section("link");
    link.duration("keep_alive", out.keep_alive, 1s, 2min);
    link.value("trusted", out.trusted);
    for (config::Section one : in.list("peers")) {
        Peer peer;
        one.require("name");
        one.name("name", peer.name);
        one.address("address", peer.host, peer.port);
        if (peer.name == "taken") one.problem("name", "\"taken\" is already in use");
        out.peers.push_back(peer);
    }
    for (auto& [name, section] : in.entries("limits")) {
        int64_t most = 0;
        section.value("most", most, 0, 9);
        out.limits.emplace_back(name, most);
    }
}

std::string messages(config::Document document, Sample& out) {
    read(document.root(), out);
    std::string all;
    for (const config::Problem& problem : document.finish()) all += problem.message() + "\n";
    return all;
}

std::string messages(std::string_view yaml) {
    Sample ignored;
    return messages(config::Document::parse(yaml, "f.yaml"), ignored);
}

void a_good_file_fills_the_struct_and_leaves_other_defaults() {
    Sample got;
    const auto problems =
        messages(config::Document::parse("node: north-1\ndemo: true\nquota: 64KiB\nformat: json\n"
                                         "link:\n  keep_alive: 90s\n  trusted: [a.pem, 'b.pem']\n"
                                         "peers:\n- name: bsc-1\n  address: '[::1]:2000'\n- {name: bsc-2}\n"
                                         "limits:\n  x: {most: 3}\n  y:\n"),
                 got);
    CHECK_EQ(problems, "");
    CHECK_EQ(got.node, "north-1");
    CHECK(got.demo);
    CHECK_EQ(got.retries, 5);
    CHECK_EQ(got.quota, 65536u);
    CHECK_EQ(got.format, 2u);
    CHECK(got.keep_alive == 90s);
    CHECK_EQ(got.trusted.size(), 2u);
    CHECK_EQ(got.peers.size(), 2u);
    CHECK_EQ(got.peers[0].host, "::1");
    CHECK_EQ(got.peers[0].port, 2000);
    CHECK_EQ(got.peers[1].host, "127.0.0.1");
    CHECK_EQ(got.limits.size(), 2u);
    CHECK_EQ(got.limits[0].first, "x");
    CHECK_EQ(got.limits[0].second, 3);
}

void every_error_is_reported_at_once_with_its_place() {
    CHECK_EQ(
        messages("node: North\n"
                 "demo: maybe\n"
                 "retries: 0\n"
                 "port: 70000\n"
                 "quota: 12 parsecs\n"
                 "format: jason\n"
                 "link:\n"
                 "  keep_alive: 0s\n"
                 "  trusted: ca.pem\n"
                 "peers:\n"
                 "- name: taken\n"
                 "- address: nowhere\n"),
        "f.yaml:1: node: \"North\" is not a name; use 1 to 32 of the letters a-z, digits and hyphens\n"
        "f.yaml:2: demo: \"maybe\" is neither true nor false (default false)\n"
        "f.yaml:3: retries: \"0\" is too small; allowed 1 to 15 (default 5)\n"
        "f.yaml:4: port: \"70000\" is too large; allowed 0 to 65535 (default 80)\n"
        "f.yaml:5: quota: \"12 parsecs\" is not a size; write it as 64KiB, 10MiB or 2GiB; allowed 1KiB to "
        "1TiB (default 1MiB)\n"
        "f.yaml:6: format: \"jason\" is not one of auto, text or json; did you mean \"json\"? (default "
        "auto)\n"
        "f.yaml:8: link.keep_alive: \"0s\" is too short; allowed 1s to 2m (default 30s)\n"
        "f.yaml:9: link.trusted: expected a list, found one value\n"
        "f.yaml:11: peers[0].name: \"taken\" is already in use\n"
        "f.yaml:12: peers[1].name: is missing; it has no default\n"
        "f.yaml:12: peers[1].address: \"nowhere\" is not host:port; write it as 127.0.0.1:8444, [::1]:8444 "
        "or :8444 for all addresses (default 127.0.0.1:48049)\n");
}

void an_unknown_key_names_the_nearest_known_one() {
    CHECK_EQ(messages("nodes: a\nlink:\n  keepalive: 5s\n"),
             "f.yaml:1: nodes: unknown key; did you mean \"node\"?\n"
             "f.yaml:3: link.keepalive: unknown key; did you mean \"keep_alive\"?\n");
    CHECK_EQ(messages("link:\n  zzzzzz: 5s\n"),
             "f.yaml:2: link.zzzzzz: unknown key; known here: keep_alive or trusted\n");
}

void wrong_shapes_say_what_was_expected() {
    CHECK_EQ(messages("node: [a]\nlink: yes\npeers: {a: b}\nretries:\n"),
             "f.yaml:1: node: expected a name, found a list\n"
             "f.yaml:2: link: expected a section (keys below it), found one value\n"
             "f.yaml:3: peers: expected a list (lines that begin with \"- \"), found a section\n"
             "f.yaml:4: retries: expected a whole number, found nothing\n");
    CHECK_EQ(messages("peers:\n- just text\n"),
             "f.yaml:2: peers[0]: expected a section (keys below it), found one value\n"
             "f.yaml:2: peers[0].name: is missing; it has no default\n");
}

void broken_yaml_is_one_problem_with_its_line() {
    CHECK_EQ(messages("node: a\nlink: [1, 2\nport: 3\n").substr(0, 30), "f.yaml:3: this is not YAML: en");
    CHECK_EQ(messages("- a\n- b\n"), "f.yaml:1: expected keys and values (key: value)\n");
    CHECK_EQ(messages("node: a\n---\nnode: b\n"), "f.yaml:3: a second document (---) in one file; use one\n");
    CHECK_EQ(messages(""), "");
    CHECK_EQ(messages("# only a comment\n"), "");
}

void a_key_given_twice_and_an_alias_are_refused() {
    CHECK_EQ(messages("node: a\nport: 1\nnode: b\n"), "f.yaml:3: node: given twice, first at line 1\n");
    CHECK_EQ(messages("node: &x a\ncells: *x\n"),
             "f.yaml:2: aliases (*name) are not allowed; write it out\n"
             "f.yaml:2: cells: expected a path, found nothing\n");
    CHECK_EQ(messages("? [a, b]\n: c\n").substr(0, 31), "f.yaml:1: a key must be a word\n");
}

// A folder that goes with the case.
struct Folder {
    Folder() {
        char name[] = "/tmp/farol-config-XXXXXX";
        CHECK(mkdtemp(name) != nullptr);
        path = name;
    }
    ~Folder() { std::filesystem::remove_all(path); }
    void put(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((path / name).parent_path());
        std::ofstream(path / name) << text;
    }
    std::filesystem::path path;
};

void files_of_the_folder_are_merged_in_the_order_of_their_names() {
    const Folder folder;
    folder.put("cbc.yaml", "node: one\ncells: cells.csv\nlink:\n  keep_alive: 5s\n  trusted: [a]\n");
    folder.put("conf.d/20-last.yaml", "link:\n  keep_alive: 7s\n");
    folder.put("conf.d/10-first.yaml", "link: {keep_alive: 6s, trusted: [b, c]}\nport: 99999\nnoed: x\n");
    folder.put("conf.d/ignored.txt", "nonsense");
    Sample got;
    const std::string base = folder.path.string();
    CHECK_EQ(messages(config::Document::load(base + "/cbc.yaml", base + "/conf.d"), got),
             base +
                 "/conf.d/10-first.yaml:2: port: \"99999\" is too large; allowed 0 to 65535 (default 80)\n" +
                 base + "/conf.d/10-first.yaml:3: noed: unknown key; did you mean \"node\"?\n");
    CHECK_EQ(got.node, "one");
    CHECK_EQ(got.cells, base + "/cells.csv");
    CHECK(got.keep_alive == 7s);
    CHECK(got.trusted == (std::vector<std::string>{"b", "c"}));
}

void a_file_that_cannot_be_read_is_a_problem() {
    const Folder folder;
    Sample ignored;
    const std::string file = folder.path.string() + "/none.yaml";
    CHECK_EQ(messages(config::Document::load(file, file + ".d"), ignored),
             file + ": cannot be read: No such file or directory\n");
    CHECK_EQ(messages(config::Document::load(folder.path.string(), ""), ignored),
             folder.path.string() + ": cannot be read: it is no ordinary file\n");
}

void the_flat_form_has_every_scalar_by_its_whole_key() {
    const auto flat = config::Document::parse("a: 1\nb: {c: [x, {d: y}]}\ne:\n").flat();
    CHECK(flat == (config::Flat{{"a", "1"}, {"b.c[0]", "x"}, {"b.c[1].d", "y"}}));
}

}  // namespace

void a_text_in_a_list_may_stand_for_a_map_with_one_key() {
    auto document = config::Document::parse("trusted: [a.pem, {file: b.pem, roles: [cbe]}, [c]]\n", "f.yaml");
    std::vector<std::string> files;
    size_t roles = 0;
    for (config::Section one : document.root().list("trusted", "file")) {
        one.value("file", files.emplace_back());
        roles += one.has("roles") ? 1 : 0;
    }
    CHECK(files == (std::vector<std::string>{"a.pem", "b.pem", ""}));
    CHECK_EQ(roles, 1U);
    const auto problems = document.finish();
    CHECK_EQ(problems.size(), 1U);
    CHECK_EQ(problems.front().message(),
             "f.yaml:1: trusted[2]: expected a section (keys below it), found a list");
}

GROUP(config, CASE(the_flat_form_has_every_scalar_by_its_whole_key),
      CASE(a_good_file_fills_the_struct_and_leaves_other_defaults),
      CASE(every_error_is_reported_at_once_with_its_place), CASE(an_unknown_key_names_the_nearest_known_one),
      CASE(wrong_shapes_say_what_was_expected), CASE(broken_yaml_is_one_problem_with_its_line),
      CASE(a_key_given_twice_and_an_alias_are_refused),
      CASE(files_of_the_folder_are_merged_in_the_order_of_their_names),
      CASE(a_file_that_cannot_be_read_is_a_problem), CASE(a_text_in_a_list_may_stand_for_a_map_with_one_key))
