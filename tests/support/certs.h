// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An authority and certificates made for one test, in a temporary directory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/tls/authority.h"
#include "common/tls/context.h"
#include "tests/support/temp_dir.h"

namespace test {

// Issues certificates of site "test" for 127.0.0.1, ::1 and localhost, valid from the machine's now.
class Certs {
 public:
    explicit Certs(const std::string& authority_name = "test authority");

    // The files of farol://test/<role>/<node>, trusting this authority.
    tls::Files files(const std::string& role, const std::string& node = "a",
                     std::chrono::days lifetime = std::chrono::days{90});
    // The same for any identity: farol://<site>/<role>/<node>.
    tls::Files files_as(const std::string& uri, std::chrono::days lifetime = std::chrono::days{90});
    const std::string& authority() const { return authority_path_; }
    const TempDir& directory() const { return directory_; }

 private:
    TempDir directory_;
    tls::Authority authority_;
    std::string authority_path_;
    int issued_ = 0;
};

}  // namespace test
