// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Configuration: YAML files read into plain structs with defaults, every error reported at once.
//
//     /etc/farol/cbc.yaml:14: cbsp.keep_alive: "0s" is too short; allowed 1s to 120s (default 30s)
//     /etc/farol/cbc.yaml:22: cbsp.keepalive: unknown key; did you mean "keep_alive"?
//
// A daemon's configuration is one file plus conf.d/<daemon>/*.yaml, merged in name order (maps merge, scalars
// and lists replace). A daemon describes its keys once:
//
//     void read(config::Section in, CbcConfig& out) {
//         in.name("node", out.node);
//         read(in.section("log"), out.log);
//         in.duration("keep_alive", out.keep_alive, 1s, 120s);
//         for (config::Section peer : in.list("peers")) …
//     }
//
// Reading a key notes it as known; Document::finish() then reports every key that nobody read. Defaults are
// what the struct holds. After a problem the field keeps its default and reading goes on.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace config {

struct Problem {
    std::string file;
    int line;  // 1-based; 0: the whole file
    std::string key;
    std::string text;

    std::string message() const;  // "file:line: key: text"
};

class Section {
 public:
    // Each reads one key if it is there and notes a Problem when the value is not what it must be.
    void value(std::string_view key, std::string& out);
    void value(std::string_view key, bool& out);
    void value(std::string_view key, int64_t& out, int64_t least, int64_t most);
    void value(std::string_view key, uint16_t& out);                  // a port or another 16-bit number
    void value(std::string_view key, std::vector<std::string>& out);  // a list of strings
    void name(std::string_view key, std::string& out);                // [a-z0-9-]{1,32}
    void path(std::string_view key, std::string& out);                // relative: to the file it stands in
    void paths(std::string_view key, std::vector<std::string>& out);  // a list of paths
    // "500ms", "30s", "5m", "24h", "7d".
    void duration(std::string_view key, std::chrono::milliseconds& out, std::chrono::milliseconds least,
                  std::chrono::milliseconds most);
    // "64KiB", "256GiB", "1000": octets.
    void size(std::string_view key, uint64_t& out, uint64_t least, uint64_t most);
    // "127.0.0.1:8444", "[::1]:8444", ":8444" (all addresses).
    void address(std::string_view key, std::string& host, uint16_t& port);
    // One of the words; `out` gets its index.
    void choice(std::string_view key, size_t& out, const std::vector<std::string>& words);

    Section section(std::string_view key);            // empty when the key is absent
    std::vector<Section> list(std::string_view key);  // of maps
    // The same, where one text may stand for a map with this one key: "[a.pem, {file: b.pem, roles: [cbe]}]".
    std::vector<Section> list(std::string_view key, std::string_view text_key);
    // The entries of a map whose keys the user chooses.
    std::vector<std::pair<std::string, Section>> entries(std::string_view key);
    // The same where each key has one word: "levels: {cbsp: debug}".
    std::vector<std::pair<std::string, std::string>> words(std::string_view key);

    bool has(std::string_view key) const;
    bool present() const;  // the section itself stands in a file
    // The daemon's own checks: "… is not MCC-MNC", at this key's line (or the section's, for an empty key).
    void problem(std::string_view key, std::string text);
    void require(std::string_view key);  // notes a Problem when the key is absent

 private:
    friend class Document;
    struct Node;
    explicit Section(std::shared_ptr<Node> node) : node_(std::move(node)) {}
    std::shared_ptr<Node> node_;
};

// Every scalar of the merged files by its whole key ("cbsp.peers[2].name"), for saying what a reload changed.
using Flat = std::map<std::string, std::string>;

class Document {
 public:
    // `file` and every *.yaml in `directory` (which may not exist). Unreadable files and broken YAML are
    // Problems.
    static Document load(const std::string& file, const std::string& directory);
    static Document parse(std::string_view yaml, std::string name = "config");  // for tests

    Section root();
    // Every problem so far, unknown keys included, in order of file and line.
    std::vector<Problem> finish();
    Flat flat() const;

 private:
    struct State;
    explicit Document(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
};

}  // namespace config
