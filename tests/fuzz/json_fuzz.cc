// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Any octets as JSON. What has a canonical form must read back to the same canonical form: the digest that an
// officer approves depends on it.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "common/json/jcs.h"
#include "common/json/object.h"
#include "common/json/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto value = json::parse({reinterpret_cast<const char*>(data), size});
    if (!value) {
        if (value.error().text.empty()) std::abort();
        return 0;
    }
    json::Problems problems;
    json::Object object(*value, problems);
    object.string("a", {.max = 8});
    object.integer("b", {});
    object.objects("c", {.max = 4}, [](json::Object& item) { item.no_others(); });
    object.no_others();
    (void)problems.text();
    const auto form = json::canonical(*value);
    if (!form) return 0;
    const auto again = json::parse(*form);
    if (!again || *json::canonical(*again) != *form) std::abort();
    return 0;
}
