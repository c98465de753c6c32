// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/record.h"

#include <nlohmann/json.hpp>

namespace store {
namespace {

base::Error corrupt(std::string text) { return {base::ErrorKind::kCorrupt, "record: " + std::move(text)}; }

}  // namespace

std::string encode_record(RecordVersion version, const Json& json) {
    std::string bytes(1, static_cast<char>(version));
    // Text that is not UTF-8 never comes this far; should it, a replacement character beats an exception on
    // the way to the disk.
    bytes += json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return bytes;
}

base::Result<void> open_record(std::string_view bytes, RecordVersion newest,
                               const std::function<base::Result<void>(RecordVersion, const Json&)>& take) {
    if (bytes.empty()) return corrupt("empty");
    const auto version = static_cast<RecordVersion>(bytes.front());
    if (version == 0 || version > newest) {
        return corrupt("version " + std::to_string(version) + "; this release knows 1 to " +
                       std::to_string(newest));
    }
    const Json json = Json::parse(bytes.substr(1), nullptr, false);
    if (json.is_discarded()) return corrupt("not JSON");
    try {
        return take(version, json);
    } catch (const Json::exception& error) {
        return corrupt(error.what());
    }
}

}  // namespace store
