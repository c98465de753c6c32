// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/temp_dir.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "tests/support/test.h"

namespace test {

TempDir::TempDir() : path_((std::filesystem::temp_directory_path() / "farol-test-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) fail_at(__FILE__, __LINE__, "no temporary directory");
}

TempDir::~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace test
