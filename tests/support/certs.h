// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A temporary directory, and in it an authority and certificates made for one test.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/tls/authority.h"
#include "common/tls/context.h"

namespace test {

// Made on construction, removed with everything in it at the end.
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

// Issues certificates of site "test" for 127.0.0.1, ::1 and localhost, valid from the machine's now.
class Certs {
 public:
    explicit Certs(const std::string& authority_name = "test authority");

    // The files of farol://test/<role>/<node>, trusting this authority.
    tls::Files files(const std::string& role, const std::string& node = "a",
                     std::chrono::days lifetime = std::chrono::days{90});
    const std::string& authority() const { return authority_path_; }
    const TempDir& directory() const { return directory_; }

 private:
    TempDir directory_;
    tls::Authority authority_;
    std::string authority_path_;
    int issued_ = 0;
};

}  // namespace test
