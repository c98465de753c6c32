// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A fresh directory under $TMPDIR or /tmp, removed with everything in it at the end.
#pragma once

#include <string>
#include <string_view>

namespace test {

class TempDir {
 public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    const std::string& path() const { return path_; }
    std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
    std::string path_;
};

}  // namespace test
