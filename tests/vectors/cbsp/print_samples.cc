// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Prints one CBSP message of each kind, as our encoder makes it, for check_cbsp_tshark.py: name, message,
// octets and the text in hexadecimal, separated by tabs.
#include <cstdio>

#include "cbc/wire/cbsp_codec.h"
#include "tests/support/cbsp_samples.h"

int main() {
    for (const auto& sample : test::cbsp_samples()) {
        const auto type = cbc::cbsp::to_string(cbc::cbsp::type_of(sample.message));
        std::printf("%s\t%.*s\t%s\t%s\n", sample.name.c_str(), static_cast<int>(type.size()), type.data(),
                    base::to_hex(cbc::cbsp::encode(sample.message)).c_str(),
                    base::to_hex(base::as_bytes(sample.text)).c_str());
    }
    return 0;
}
