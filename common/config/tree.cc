// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/config/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace config {
namespace {

// Builds the tree from yaml-cpp's events, because its own nodes forget where a key stood and keep only one of
// two equal keys.
class Builder final : public YAML::EventHandler {
 public:
    Builder(std::string file, Report& report) : file_(std::move(file)), report_(report) {}

    TreePtr root() const { return root_; }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(make(Tree::Kind::kNull, mark)); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        report_.problems.push_back(
            {file_, mark.line + 1, "", "aliases (*name) are not allowed; write it out"});
        add(make(Tree::Kind::kNull, mark));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& value) override {
        if (in_map() && !key_) {
            begin_member(value, mark);
            return;
        }
        const bool plain = tag == "?";  // not in quotes
        const TreePtr scalar =
            make(plain && (value == "~" || value == "null" || value.empty()) ? Tree::Kind::kNull
                                                                             : Tree::Kind::kScalar,
                 mark);
        scalar->text = value;
        add(scalar);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        open(make(Tree::Kind::kList, mark));
    }
    void OnSequenceEnd() override { open_.pop_back(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        open(make(Tree::Kind::kMap, mark));
    }
    void OnMapEnd() override { open_.pop_back(); }

 private:
    bool in_map() const { return !open_.empty() && open_.back()->kind == Tree::Kind::kMap; }

    TreePtr make(Tree::Kind kind, const YAML::Mark& mark) const {
        auto tree = std::make_shared<Tree>();
        tree->kind = kind;
        tree->file = file_;
        tree->line = mark.line + 1;
        return tree;
    }

    void begin_member(const std::string& key, const YAML::Mark& mark) {
        key_ = std::make_unique<std::string>(key);
        key_line_ = mark.line + 1;
        const TreePtr before = open_.back()->member(key);
        if (before != nullptr)
            report_.problems.push_back(
                {file_, key_line_, key, "given twice, first at line " + std::to_string(before->line)});
    }

    void add(const TreePtr& tree) {
        if (open_.empty()) {
            root_ = tree;
        } else if (open_.back()->kind == Tree::Kind::kList) {
            open_.back()->items.push_back(tree);
        } else if (key_) {
            tree->line = key_line_;
            open_.back()->members.emplace_back(*key_, tree);
            key_.reset();
        } else {  // a map, list or null as a key
            report_.problems.push_back({file_, tree->line, "", "a key must be a word"});
            key_ = std::make_unique<std::string>("?");
            key_line_ = tree->line;
        }
    }

    void open(const TreePtr& tree) {
        add(tree);
        open_.push_back(tree);
    }

    std::string file_;
    Report& report_;
    TreePtr root_;
    std::vector<TreePtr> open_;
    std::unique_ptr<std::string> key_;  // the key whose value comes next
    int key_line_ = 0;
};

TreePtr empty_map(const std::string& file) {
    auto tree = std::make_shared<Tree>();
    tree->kind = Tree::Kind::kMap;
    tree->file = file;
    tree->line = 1;
    return tree;
}

}  // namespace

TreePtr Tree::member(std::string_view key) const {
    for (const auto& [name, tree] : members)
        if (name == key) return tree;
    return nullptr;
}

TreePtr parse_yaml(std::istream& in, const std::string& file, Report& report) {
    Builder builder(file, report);
    try {
        YAML::Parser parser(in);
        if (!parser.HandleNextDocument(builder)) return empty_map(file);
        Builder second(file, report);
        if (parser.HandleNextDocument(second))
            report.problems.push_back({file, second.root() ? second.root()->line : 0, "",
                                       "a second document (---) in one file; use one"});
    } catch (const YAML::Exception& error) {
        report.incomplete = true;
        report.problems.push_back(
            {file, error.mark.is_null() ? 0 : error.mark.line + 1, "", "this is not YAML: " + error.msg});
        return empty_map(file);
    }
    const TreePtr root = builder.root();
    if (root == nullptr || root->kind == Tree::Kind::kNull) return empty_map(file);
    if (root->kind != Tree::Kind::kMap) {
        report.problems.push_back({file, root->line, "", "expected keys and values (key: value)"});
        return empty_map(file);
    }
    return root;
}

void merge(Tree& into, const Tree& from) {
    for (const auto& [key, tree] : from.members) {
        const TreePtr mine = into.member(key);
        if (mine == nullptr) {
            into.members.emplace_back(key, tree);
        } else if (mine->kind == Tree::Kind::kMap && tree->kind == Tree::Kind::kMap) {
            merge(*mine, *tree);
        } else {
            *mine = *tree;
        }
    }
}

}  // namespace config
