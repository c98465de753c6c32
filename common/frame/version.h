// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which build this is: from the file VERSION and the commit it was built from.
#pragma once

#include <string>
#include <string_view>

namespace frame {

struct Version {
    std::string_view version;  // "0.1.0"
    std::string_view commit;   // twelve hexadecimal digits, or "unknown"
    std::string_view date;     // of the commit, RFC 3339: builds of one commit are alike
};
Version version();
std::string version_line(std::string_view binary);  // "cbcd 0.1.0 (73a0063abcde)"

}  // namespace frame
