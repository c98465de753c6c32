// SPDX-License-Identifier: AGPL-3.0-or-later
//
// peer list, show, test, trace: the network elements of the broadcast centre.
#include <nlohmann/json.hpp>

#include "packaging/farolctl/ask.h"
#include "packaging/farolctl/caller.h"
#include "packaging/farolctl/commands.h"
#include "packaging/farolctl/file.h"

namespace ctl {

namespace {

constexpr int kOkStatus = 200;
constexpr std::chrono::seconds kTestPatience{40};   // cbcd gives up after 30 s
constexpr std::chrono::seconds kTracePatience{20};  // beyond the length of the record

std::string state_text(const nlohmann::json& peer) {
    const bool leaving = peer.value("leaving", false);
    return word(peer, "state") + (leaving ? " (leaving)" : "");
}

std::string test_text(const nlohmann::json& test) {
    if (!test.is_object()) return "never";
    std::string text =
        word(test, "result") + " after " + word(test, "took_ms") + " ms, " + word(test, "cells") + " cells";
    if (test.value("failed_cells", 0) > 0) text += ", " + word(test, "failed_cells") + " cells cannot tell";
    const nlohmann::json busiest = member(test, "busiest");
    if (busiest.is_object())
        text += "; busiest: " + word(busiest, "cell") + ", " + word(busiest, "load_percent") + " %";
    return text;
}

bool answered(const nlohmann::json& test) {
    const std::string result = word(test, "result");
    return result == "complete" || result == "failure";
}

}  // namespace

Answer peer_list(const Place& place) {
    const auto asked = ask(place, kDaemons[0], {.path = "/peers"});
    if (!asked.body) return asked.otherwise;
    std::vector<std::vector<std::string>> rows{
        {"peer", "protocol", "state", "writer", "since", "address", "waiting", "reason"}};
    bool all_up = true;
    for (const nlohmann::json& peer : member(*asked.body, "peers")) {
        all_up = all_up && peer.value("ready", false);
        rows.push_back({word(peer, "name"), word(peer, "protocol"), state_text(peer), word(peer, "writer"),
                        word(peer, "since"), word(peer, "address"), word(peer, "requests_waiting"),
                        word(peer, "reason")});
    }
    return Answer::of(rows.size() == 1 ? "no peers" : table(rows), *asked.body,
                      all_up ? ExitCode::kOk : ExitCode::kPartly);
}

Answer peer_show(const Place& place, const std::string& name) {
    const auto asked = ask(place, kDaemons[0], {.path = "/peers/" + name});
    if (!asked.body) return asked.otherwise;
    const nlohmann::json& peer = *asked.body;
    std::vector<std::vector<std::string>> rows;
    for (const char* key : {"name", "protocol", "role", "writer", "address", "since", "reason", "areas",
                            "requests_waiting", "last_keep_alive"})
        if (const auto value = word(peer, key); !value.empty()) rows.push_back({key, value});
    rows.insert(rows.begin() + 1, {"state", state_text(peer)});
    rows.push_back({"link test", test_text(member(peer, "link_test"))});
    for (const nlohmann::json& path : member(peer, "paths"))
        rows.push_back({"path", word(path, "address") + ": " + word(path, "state") +
                                    (path.value("primary", false) ? ", primary" : "") + ", " +
                                    word(path, "round_trip_ms") + " ms"});
    return Answer::of(table(rows), peer, peer.value("ready", false) ? ExitCode::kOk : ExitCode::kPartly);
}

Answer peer_test(const Place& place, const std::string& name) {
    const auto asked =
        ask(place, kDaemons[0], {http::Method::kPost, "/peers/" + name + "/test", "", kTestPatience});
    if (!asked.body) return asked.otherwise;
    return Answer::of(name + ": " + test_text(*asked.body), *asked.body,
                      answered(*asked.body) ? ExitCode::kOk : ExitCode::kTimeout);
}

Answer peer_trace(const Place& place, const PeerTrace& wanted) {
    auto caller = Caller::create();
    if (!caller) return Answer::of(caller.error());
    const auto response =
        caller->control(place.control_socket(kDaemons[0]), http::Method::kPost,
                        "/peers/" + wanted.peer + "/trace?seconds=" + std::to_string(wanted.seconds), "",
                        std::chrono::seconds{wanted.seconds} + kTracePatience);
    if (!response) return Answer::of(response.error().within("cbcd"));
    if (response->status != kOkStatus) return Answer::of(*response);
    const std::string file = wanted.file.empty() ? wanted.peer + ".pcapng" : wanted.file;
    if (const auto written = write_file(file, response->body, FileMode::kOwnerOnly); !written)
        return Answer::of(written.error());
    return Answer::of(file + ": " + std::to_string(response->body.size()) + " octets; Wireshark opens it",
                      {{"file", file}, {"octets", response->body.size()}});
}

}  // namespace ctl
