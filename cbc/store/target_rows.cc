// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/target_rows.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "cbc/store/place_list.h"
#include "common/store/key.h"
#include "common/store/record.h"

namespace cbc {
namespace {

using store::Json;
constexpr store::RecordVersion kVersion = 1;
constexpr size_t kCellsInPart = 8000;  // each in an area of its own: half an entry

store::Key key_of(AlertId alert, Revision revision) {
    return store::Key().uuid(alert.value()).number(revision.value());
}

store::Key key_of(AlertId alert, Revision revision, size_t number) {
    return key_of(alert, revision).number(number);
}

Json number_or_null(const std::optional<uint32_t>& number) { return number ? Json(*number) : Json(nullptr); }
std::optional<uint32_t> number_or_none(const Json& json) {
    if (json.is_null()) return std::nullopt;
    return json.get<uint32_t>();
}

// Cells by why they were chosen and by their areas, which are not in the name of every cell.
Json cells_record(const ChosenCell* first, const ChosenCell* last) {
    std::map<std::tuple<ChosenBy, std::optional<uint32_t>, std::optional<uint32_t>>, PlaceSet> groups;
    for (; first != last; ++first) {
        const bool named = names_area(first->cell.technology);
        groups[{first->by, named ? std::nullopt : first->area, first->emergency_area}].push_back(first->cell);
    }
    Json list = Json::array();
    for (const auto& [key, cells] : groups) {
        const auto& [by, area, emergency_area] = key;
        list.push_back(Json::array(
            {static_cast<int>(by), number_or_null(area), place_list(cells), number_or_null(emergency_area)}));
    }
    return list;
}

base::Result<void> read_cells(const Json& list, std::vector<ChosenCell>& cells) {
    for (const Json& group : list) {
        const int by = group.at(0).get<int>();
        if (by < 0 || by > static_cast<int>(ChosenBy::kShape))
            return base::Error{base::ErrorKind::kCorrupt, "the reason of a chosen cell is damaged"};
        const auto area = number_or_none(group.at(1));
        const auto emergency_area = number_or_none(group.at(3));
        const auto places = places_of_list(group.at(2));
        if (!places) return places.error();
        for (const Place& place : *places)
            cells.push_back({place, static_cast<ChosenBy>(by),
                             names_area(place.technology) ? place.area : area, emergency_area});
    }
    return {};
}

struct Loading {
    Targets targets;
    size_t parts = 0;  // that there must be
    size_t found = 0;
};

base::Result<void> read_part(std::string_view value, Loading& loading) {
    return store::open_record(value, kVersion,
                              [&](store::RecordVersion, const Json& json) -> base::Result<void> {
                                  if (loading.found++ == 0) {
                                      loading.parts = json.at("parts").get<size_t>();
                                      auto areas = places_of_list(json.at("areas"));
                                      if (!areas) return areas.error();
                                      auto unknown = places_of_list(json.at("unknown"));
                                      if (!unknown) return unknown.error();
                                      loading.targets.areas = std::move(*areas);
                                      loading.targets.unknown = std::move(*unknown);
                                  }
                                  return read_cells(json.at("cells"), loading.targets.cells);
                              });
}

}  // namespace

std::vector<std::string> encode_targets(const Targets& targets) {
    if (targets.everywhere) return {};
    const size_t count = targets.cells.size();
    const size_t number = std::max<size_t>(1, (count + kCellsInPart - 1) / kCellsInPart);
    std::vector<std::string> parts;
    for (size_t first = 0; parts.size() < number; first += kCellsInPart) {
        const ChosenCell* cells = targets.cells.data();
        Json json{{"cells", cells_record(cells + first, cells + std::min(count, first + kCellsInPart))}};
        if (parts.empty()) {
            json["parts"] = number;
            json["areas"] = place_list(targets.areas);
            json["unknown"] = place_list(targets.unknown);
        }
        parts.push_back(store::encode_record(kVersion, json));
    }
    return parts;
}

void put_targets_part(store::Transaction& transaction, AlertId alert, Revision revision, size_t number,
                      const std::string& part) {
    transaction.put(kTargetsTable, key_of(alert, revision, number), part);
}

bool has_targets_part(const store::Reader& reader, AlertId alert, Revision revision, size_t number) {
    return reader.get(kTargetsTable, key_of(alert, revision, number)).has_value();
}

void erase_targets(store::Transaction& transaction, AlertId alert, std::optional<Revision> but) {
    const std::string kept = but ? key_of(alert, *but).octets() : std::string{};
    std::vector<std::string> rows;
    transaction.scan(kTargetsTable, store::Key().uuid(alert.value()), {},
                     [&](std::string_view key, std::string_view) {
                         if (!but || !key.starts_with(kept)) rows.emplace_back(key);
                         return true;
                     });
    for (const std::string& row : rows) transaction.erase(kTargetsTable, row);
}

base::Result<std::optional<Targets>> load_targets(const store::Reader& reader, AlertId alert,
                                                  Revision revision) {
    Loading loading;
    base::Result<void> read;
    reader.scan(kTargetsTable, key_of(alert, revision), {}, [&](std::string_view, std::string_view value) {
        read = read_part(value, loading);
        return static_cast<bool>(read);
    });
    if (!read) return read.error().within("read the cells of alert " + alert.value().text());
    if (loading.found == 0 || loading.found != loading.parts) return std::optional<Targets>{};
    std::sort(loading.targets.cells.begin(), loading.targets.cells.end(),
              [](const ChosenCell& a, const ChosenCell& b) { return a.cell < b.cell; });
    return std::optional{std::move(loading.targets)};
}

}  // namespace cbc
