// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The YAML of one or several files as a tree that remembers where everything stood. Inside common/config
// only.
#pragma once

#include <istream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/config/config.h"

namespace config {

struct Tree;
using TreePtr = std::shared_ptr<Tree>;  // shared by the Sections that read it and their Document

struct Tree {
    enum class Kind { kAbsent, kNull, kScalar, kList, kMap };
    Kind kind = Kind::kAbsent;
    std::string file;
    int line = 0;
    std::string text;                                      // of a scalar
    std::vector<std::pair<std::string, TreePtr>> members;  // of a map, in the order of the file
    std::vector<TreePtr> items;                            // of a list

    TreePtr member(std::string_view key) const;  // null when there is none
};

// What was found wrong, and the files in the order they were read.
struct Report {
    std::vector<std::string> files;
    std::vector<Problem> problems;
    bool incomplete = false;  // a file could not be read or parsed: what is missing may stand in it
};

// The document's tree; an empty map after a problem or for an empty file. Aliases are refused: nobody needs
// them here and they can make a small file enormous.
TreePtr parse_yaml(std::istream& in, const std::string& file, Report& report);

// Maps merge; scalars and lists of `from` replace.
void merge(Tree& into, const Tree& from);

}  // namespace config
