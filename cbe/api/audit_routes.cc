// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/audit_routes.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "cbe/api/problems.h"
#include "common/audit/audit.h"
#include "common/json/parse.h"

namespace cbe {
namespace {

constexpr uint64_t kUsually = 100;
constexpr uint64_t kMost = 500;
constexpr size_t kMostLookedAt = 10'000;  // in one answer, on the loop's thread

uint64_t number(const http::Request& request, const char* name, uint64_t otherwise) {
    const std::string text = request.query_value(name).value_or("");
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : otherwise;
}

http::Response page(const store::Reader& reader, const http::Request& request) {
    const uint64_t limit = std::clamp<uint64_t>(number(request, "limit", kUsually), 1, kMost);
    const std::string object = request.query_value("object").value_or("");
    uint64_t next = number(request, "after", 0);
    size_t looked_at = 0;
    nlohmann::json items = nlohmann::json::array();
    const auto read = audit::read(reader, next, [&](const audit::Record& record) {
        next = record.sequence;
        if (record.entry.object.starts_with(object))
            items.push_back(nlohmann::json::parse(audit::json_line(record), nullptr, false));
        return items.size() < limit && ++looked_at < kMostLookedAt;
    });
    if (!read) return http::Response::problem(500, "audit", read.error().text);
    return http::Response::json(200, json::dump({{"items", std::move(items)}, {"next", next}}))
        .with_header("Cache-Control", "no-store");
}

}  // namespace

void add_audit_route(http::Router& router, Gate& gate) {
    Context& context = gate.context();
    router.add(
        gate.read("/api/v1/audit", Permission::kViewAudit,
                  [&context](const http::Request& request, const Caller&, http::ResponderPtr responder) {
                      responder->respond(page(*context.store.read(), request));
                  }));
}

}  // namespace cbe
