// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/site_routes.h"

#include <nlohmann/json.hpp>

#include "common/json/parse.h"

namespace cbc {
namespace {

using Json = nlohmann::json;

Json site_view(const Desk& desk) {
    const SiteStatus site = desk.site();
    std::map<std::string, size_t> technologies;
    size_t without_peer = 0;
    for (const CellRow& row : desk.network().cells().rows()) {
        ++technologies[std::string(to_string(row.identity.technology))];
        without_peer += desk.network().peer_of(row.identity) == nullptr;
    }
    Json view{{"file", site.file.empty() ? Json(nullptr) : Json(site.file)},
              {"changed_at", nullptr},
              {"age_days", nullptr},
              {"loaded_at", base::to_rfc3339(site.loaded)},
              {"cells", desk.network().cells().rows().size()},
              {"technologies", technologies},
              {"without_peer", without_peer}};
    if (site.changed) {
        view["changed_at"] = base::to_rfc3339(*site.changed);
        view["age_days"] = std::chrono::floor<std::chrono::days>(desk.now() - *site.changed).count();
    }
    return view;
}

}  // namespace

void add_site_routes(http::Router& router, const Desk& desk) {
    router.add({http::Method::kGet, "/site", http::Access::role({"cbe", "admin", "monitor"}), 0,
                [&desk](const http::Request&, http::ResponderPtr responder) {
                    responder->respond(http::Response::json(200, json::dump(site_view(desk))));
                },
                http::Where::kHere});
}

}  // namespace cbc
