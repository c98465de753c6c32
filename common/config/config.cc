// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/config/config.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "common/config/text.h"
#include "common/config/tree.h"

namespace config {
namespace {

constexpr size_t kFileMax = 4 * 1024 * 1024;

std::string in_quotes(std::string_view text) {
    constexpr size_t kShown = 60;
    return "\"" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "…\"" : "\"");
}

std::string_view kind_words(Tree::Kind kind) {
    switch (kind) {
        case Tree::Kind::kAbsent:
        case Tree::Kind::kNull:
            return "nothing";
        case Tree::Kind::kScalar:
            return "one value";
        case Tree::Kind::kList:
            return "a list";
        case Tree::Kind::kMap:
            return "a section";
    }
    return "something else";
}

std::string beside(const std::string& file, const std::string& path) {
    return (std::filesystem::path(file).parent_path() / path).lexically_normal().string();
}

template <class Value>
std::string range_text(std::string_view given, Value number, Value least, std::string allowed) {
    return in_quotes(given) + (number < least ? " is too small" : " is too large") + "; allowed " + allowed;
}

void flatten(const Tree& tree, const std::string& path, Flat& out) {
    switch (tree.kind) {
        case Tree::Kind::kAbsent:
        case Tree::Kind::kNull:
            break;
        case Tree::Kind::kScalar:
            out[path] = tree.text;
            break;
        case Tree::Kind::kList:
            for (size_t i = 0; i < tree.items.size(); ++i)
                flatten(*tree.items[i], path + "[" + std::to_string(i) + "]", out);
            break;
        case Tree::Kind::kMap:
            for (const auto& [key, below] : tree.members)
                flatten(*below, path.empty() ? key : path + "." + key, out);
            break;
    }
}

}  // namespace

// A place of the tree that is being read: which keys were asked for, and the sections opened below.
struct Section::Node {
    std::shared_ptr<Report> report;  // the Document's
    TreePtr tree;
    std::string path;  // "cbsp.peers[2]"; empty for the root
    std::vector<std::string> known;
    bool any_key = false;  // the user chooses the keys
    std::map<std::string, std::shared_ptr<Node>, std::less<>> below;

    std::string path_of(std::string_view key) const {
        if (key.empty()) return path;
        return path.empty() ? std::string(key) : path + "." + std::string(key);
    }

    void note(std::string_view key, const Tree& where, std::string text) {
        report->problems.push_back({where.file, where.line, path_of(key), std::move(text)});
    }

    void ask_for(std::string_view key) {
        if (std::find(known.begin(), known.end(), key) == known.end()) known.emplace_back(key);
    }

    TreePtr find(std::string_view key) {
        ask_for(key);
        return tree->member(key);
    }

    // The text of a scalar key; notes a problem when it is there but no scalar.
    std::optional<std::string> scalar(std::string_view key, std::string_view expected) {
        const TreePtr at = find(key);
        if (at == nullptr) return std::nullopt;
        if (at->kind == Tree::Kind::kScalar) return at->text;
        note(key, *at, "expected " + std::string(expected) + ", found " + std::string(kind_words(at->kind)));
        return std::nullopt;
    }

    void wrong(std::string_view key, std::string text) { note(key, *tree->member(key), std::move(text)); }

    std::shared_ptr<Node> open(const std::string& name, TreePtr at, std::string its_path) {
        std::shared_ptr<Node>& node = below[name];
        if (node == nullptr) {
            node = std::make_shared<Node>();
            node->report = report;
            node->tree = std::move(at);
            node->path = std::move(its_path);
        }
        return node;
    }

    // The tree below when it is a map; an empty one at our place otherwise.
    TreePtr map_or_absent(const TreePtr& at, std::string_view key) {
        if (at != nullptr && at->kind == Tree::Kind::kMap) return at;
        auto absent = std::make_shared<Tree>();
        const Tree& where = at != nullptr ? *at : *tree;
        absent->file = where.file;
        absent->line = where.line;
        if (at == nullptr) return absent;
        absent->kind = Tree::Kind::kNull;
        if (at->kind != Tree::Kind::kNull)
            note(key, *at, "expected a section (keys below it), found " + std::string(kind_words(at->kind)));
        return absent;
    }

    void report_unknown() {
        if (!any_key)
            for (const auto& [key, at] : tree->members) {
                if (std::find(known.begin(), known.end(), key) != known.end()) continue;
                const std::string meant = nearest(key, known);
                note(key, *at,
                     meant.empty() ? "unknown key; known here: " + (known.empty() ? "none" : listed(known))
                                   : "unknown key; did you mean \"" + meant + "\"?");
            }
        for (const auto& [name, node] : below) node->report_unknown();
    }
};

std::string Problem::message() const {
    std::string out = file;
    if (line > 0) out += ":" + std::to_string(line);
    if (!key.empty()) out += ": " + key;
    return out + ": " + text;
}

void Section::value(std::string_view key, std::string& out) {
    if (auto text = node_->scalar(key, "text")) out = *text;
}

void Section::value(std::string_view key, bool& out) {
    const std::string standard = out ? "true" : "false";
    const auto text = node_->scalar(key, "true or false");
    if (!text) return;
    if (*text == "true" || *text == "false") {
        out = *text == "true";
    } else {
        node_->wrong(key, in_quotes(*text) + " is neither true nor false (default " + standard + ")");
    }
}

void Section::value(std::string_view key, int64_t& out, int64_t least, int64_t most) {
    const auto text = node_->scalar(key, "a whole number");
    if (!text) return;
    const std::string allowed =
        std::to_string(least) + " to " + std::to_string(most) + " (default " + std::to_string(out) + ")";
    const auto number = parse_integer(*text);
    if (!number) {
        node_->wrong(key, in_quotes(*text) + " is not a whole number; allowed " + allowed);
    } else if (*number < least || *number > most) {
        node_->wrong(key, range_text(*text, *number, least, allowed));
    } else {
        out = *number;
    }
}

void Section::value(std::string_view key, uint16_t& out) {
    int64_t number = out;
    value(key, number, 0, UINT16_MAX);
    out = static_cast<uint16_t>(number);
}

void Section::value(std::string_view key, std::vector<std::string>& out) {
    const TreePtr at = node_->find(key);
    if (at == nullptr) return;
    if (at->kind != Tree::Kind::kList) {
        node_->wrong(key, "expected a list, found " + std::string(kind_words(at->kind)));
        return;
    }
    std::vector<std::string> items;
    for (const TreePtr& item : at->items) {
        if (item->kind != Tree::Kind::kScalar) {
            node_->note(std::string(key) + "[" + std::to_string(items.size()) + "]", *item,
                        "expected text, found " + std::string(kind_words(item->kind)));
            return;
        }
        items.push_back(item->text);
    }
    out = std::move(items);
}

void Section::name(std::string_view key, std::string& out) {
    const auto text = node_->scalar(key, "a name");
    if (!text) return;
    if (is_name(*text)) {
        out = *text;
    } else {
        node_->wrong(key,
                     in_quotes(*text) + " is not a name; use 1 to 32 of the letters a-z, digits and hyphens");
    }
}

void Section::path(std::string_view key, std::string& out) {
    const auto text = node_->scalar(key, "a path");
    if (!text) return;
    if (text->empty()) {
        node_->wrong(key, "an empty path");
        return;
    }
    out = beside(node_->tree->member(key)->file, *text);
}

void Section::paths(std::string_view key, std::vector<std::string>& out) {
    std::vector<std::string> given;
    value(key, given);
    if (given.empty()) return;
    out.clear();
    for (const std::string& one : given) out.push_back(beside(node_->tree->member(key)->file, one));
}

void Section::duration(std::string_view key, std::chrono::milliseconds& out, std::chrono::milliseconds least,
                       std::chrono::milliseconds most) {
    const auto text = node_->scalar(key, "a duration");
    if (!text) return;
    const std::string allowed =
        duration_text(least) + " to " + duration_text(most) + " (default " + duration_text(out) + ")";
    const auto parsed = parse_duration(*text);
    if (!parsed) {
        node_->wrong(key, in_quotes(*text) +
                              " is not a duration; write it as 500ms, 30s, 5m, 24h or 7d; allowed " +
                              allowed);
    } else if (*parsed < least || *parsed > most) {
        node_->wrong(key, in_quotes(*text) + (*parsed < least ? " is too short" : " is too long") +
                              "; allowed " + allowed);
    } else {
        out = *parsed;
    }
}

void Section::size(std::string_view key, uint64_t& out, uint64_t least, uint64_t most) {
    const auto text = node_->scalar(key, "a size");
    if (!text) return;
    const std::string allowed =
        size_text(least) + " to " + size_text(most) + " (default " + size_text(out) + ")";
    const auto parsed = parse_size(*text);
    if (!parsed) {
        node_->wrong(
            key, in_quotes(*text) + " is not a size; write it as 64KiB, 10MiB or 2GiB; allowed " + allowed);
    } else if (*parsed < least || *parsed > most) {
        node_->wrong(key, range_text(*text, *parsed, least, allowed));
    } else {
        out = *parsed;
    }
}

void Section::address(std::string_view key, std::string& host, uint16_t& port) {
    const auto text = node_->scalar(key, "an address");
    if (!text) return;
    if (const auto parsed = parse_address(*text)) {
        host = parsed->first;
        port = parsed->second;
    } else {
        node_->wrong(key, in_quotes(*text) +
                              " is not host:port; write it as 127.0.0.1:8444, [::1]:8444 or "
                              ":8444 for all addresses (default " +
                              address_text(host, port) + ")");
    }
}

void Section::choice(std::string_view key, size_t& out, const std::vector<std::string>& words) {
    const auto text = node_->scalar(key, listed(words));
    if (!text) return;
    const auto at = std::find(words.begin(), words.end(), *text);
    if (at != words.end()) {
        out = static_cast<size_t>(at - words.begin());
        return;
    }
    const std::string meant = nearest(*text, words);
    node_->wrong(key, in_quotes(*text) + " is not one of " + listed(words) +
                          (meant.empty() ? "" : "; did you mean \"" + meant + "\"?") +
                          (out < words.size() ? " (default " + words[out] + ")" : ""));
}

Section Section::section(std::string_view key) {
    const TreePtr at = node_->find(key);
    const auto opened = node_->below.find(key);
    if (opened != node_->below.end()) return Section(opened->second);
    return Section(node_->open(std::string(key), node_->map_or_absent(at, key), node_->path_of(key)));
}

std::vector<Section> Section::list(std::string_view key) { return list(key, {}); }

std::vector<Section> Section::list(std::string_view key, std::string_view text_key) {
    std::vector<Section> out;
    const TreePtr at = node_->find(key);
    if (at == nullptr || at->kind == Tree::Kind::kNull) return out;
    if (at->kind != Tree::Kind::kList) {
        node_->wrong(key, "expected a list (lines that begin with \"- \"), found " +
                              std::string(kind_words(at->kind)));
        return out;
    }
    for (TreePtr item : at->items) {
        const std::string name = std::string(key) + "[" + std::to_string(out.size()) + "]";
        if (!text_key.empty() && item->kind == Tree::Kind::kScalar)
            item = std::make_shared<Tree>(
                Tree{Tree::Kind::kMap, item->file, item->line, {}, {{std::string(text_key), item}}, {}});
        out.push_back(Section(node_->open(name, node_->map_or_absent(item, name), node_->path_of(name))));
    }
    return out;
}

std::vector<std::pair<std::string, Section>> Section::entries(std::string_view key) {
    std::vector<std::pair<std::string, Section>> out;
    Section all = section(key);
    all.node_->any_key = true;
    for (const auto& [name, at] : all.node_->tree->members) {
        Node& node = *all.node_;
        out.emplace_back(name, Section(node.open(name, node.map_or_absent(at, name), node.path_of(name))));
    }
    return out;
}

std::vector<std::pair<std::string, std::string>> Section::words(std::string_view key) {
    std::vector<std::pair<std::string, std::string>> out;
    Section all = section(key);
    all.node_->any_key = true;
    for (const auto& [name, at] : all.node_->tree->members)
        if (auto text = all.node_->scalar(name, "a word")) out.emplace_back(name, *text);
    return out;
}

bool Section::has(std::string_view key) const {
    node_->ask_for(key);
    return node_->tree->member(key) != nullptr;
}

bool Section::present() const { return node_->tree->kind != Tree::Kind::kAbsent; }

void Section::problem(std::string_view key, std::string text) {
    const TreePtr at = key.empty() ? nullptr : node_->find(key);
    node_->note(key, at != nullptr ? *at : *node_->tree, std::move(text));
}

void Section::require(std::string_view key) {
    if (node_->find(key) == nullptr && !node_->report->incomplete)
        node_->note(key, *node_->tree, "is missing; it has no default");
}

struct Document::State {
    std::shared_ptr<Report> report = std::make_shared<Report>();
    std::shared_ptr<Section::Node> root = std::make_shared<Section::Node>();
    bool finished = false;

    void add(std::istream& in, const std::string& file) {
        report->files.push_back(file);
        const TreePtr tree = parse_yaml(in, file, *report);
        if (root->tree == nullptr) {
            root->tree = tree;
        } else {
            merge(*root->tree, *tree);
        }
    }

    void add_file(const std::string& file) {
        std::ifstream in(file, std::ios::binary);
        const int error = errno;
        std::string text(kFileMax + 1, '\0');
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<size_t>(std::max<std::streamsize>(0, in.gcount())));
        std::string trouble;
        if (!in.is_open()) {
            trouble = base::io_error("cannot be read", error).text;
        } else if (in.bad() || (text.empty() && std::filesystem::is_directory(file))) {
            trouble = "cannot be read: it is no ordinary file";
        } else if (text.size() > kFileMax) {
            trouble = "is larger than " + size_text(kFileMax);
        }
        if (!trouble.empty()) {
            report->problems.push_back({file, 0, "", trouble});
            report->incomplete = true;
            text.clear();
        }
        std::istringstream whole(text);
        add(whole, file);
    }
};

Document Document::load(const std::string& file, const std::string& directory) {
    auto state = std::make_shared<State>();
    state->root->report = state->report;
    state->add_file(file);
    std::error_code error;
    std::vector<std::string> more;
    if (!directory.empty())
        for (const auto& entry : std::filesystem::directory_iterator(directory, error))
            if (entry.path().extension() == ".yaml") more.push_back(entry.path().string());
    if (error && error != std::errc::no_such_file_or_directory)
        state->report->problems.push_back({directory, 0, "", "cannot be read: " + error.message()});
    std::sort(more.begin(), more.end());
    for (const std::string& one : more) state->add_file(one);
    return Document(std::move(state));
}

Document Document::parse(std::string_view yaml, std::string name) {
    auto state = std::make_shared<State>();
    state->root->report = state->report;
    std::istringstream in{std::string(yaml)};
    state->add(in, name);
    return Document(std::move(state));
}

Section Document::root() { return Section(state_->root); }

std::vector<Problem> Document::finish() {
    if (!state_->finished) state_->root->report_unknown();
    state_->finished = true;
    std::vector<Problem> sorted = state_->report->problems;
    const std::vector<std::string>& files = state_->report->files;
    const auto place = [&files](const Problem& problem) {
        return std::pair{std::find(files.begin(), files.end(), problem.file) - files.begin(), problem.line};
    };
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&place](const Problem& a, const Problem& b) { return place(a) < place(b); });
    return sorted;
}

Flat Document::flat() const {
    Flat out;
    flatten(*state_->root->tree, "", out);
    return out;
}

}  // namespace config
