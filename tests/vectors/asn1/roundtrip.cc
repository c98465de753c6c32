// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Decodes and encodes what another compiler encoded: lines of "PROTOCOL Type hex" on standard input. Each
// must come out as it went in. Ends with a failure for the first that does not, and when a type was never
// seen.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <set>
#include <string>

#include "asn1/aper.h"
#include "tests/support/asn1_types.h"

namespace {

base::Result<void> check(const asn1::Type& type, const std::string& hex) {
    const auto octets = base::from_hex(hex);
    if (!octets) return octets.error();
    const auto value = asn1::decode(type, *octets);
    if (!value) return base::invalid("not decoded: " + value.error().text());
    const auto again = asn1::encode(type, value->get());
    if (!again) return base::invalid("not encoded: " + again.error().text);
    if (*again == *octets) return {};
    const auto differs = std::mismatch(again->begin(), again->end(), octets->begin(), octets->end());
    return base::invalid("encoded otherwise from octet " + std::to_string(differs.first - again->begin()));
}

}  // namespace

int main() {
    const auto& types = test::asn1_types();
    std::set<std::string> seen;
    std::string protocol;
    std::string name;
    std::string hex;
    int lines = 0;
    while (std::cin >> protocol >> name >> hex) {
        ++lines;
        const auto found = types.find(protocol + "-" + name);
        if (found == types.end()) {
            std::printf("line %d: type %s-%s is not known\n", lines, protocol.c_str(), name.c_str());
            return 1;
        }
        seen.insert(found->first);
        if (const auto ok = check(*found->second, hex); !ok) {
            std::printf("line %d: %s of %zu octets: %s\n", lines, name.c_str(), hex.size() / 2,
                        ok.error().text.c_str());
            return 1;
        }
    }
    for (const auto& [type, descriptor] : types) {
        if (seen.contains(type)) continue;
        std::printf("%s: no value seen\n", type.c_str());
        return 1;
    }
    std::printf("%d values of %zu types came out as they went in\n", lines, types.size());
    return 0;
}
