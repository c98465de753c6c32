// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_news.h"

#include "cbc/net/n50_requests.h"
#include "cbc/wire/n50_json.h"
#include "cbc/wire/ngap_codec.h"
#include "common/http/multipart.h"

namespace cbc {
namespace {

PlacePattern pattern_of(const Ecgi& cell) { return exactly(Place::lte_cell(cell.plmn, cell.cell)); }
PlacePattern pattern_of(const Ncgi& cell) { return exactly(Place::nr_cell(cell.plmn, cell.cell)); }

std::vector<PlacePattern> patterns_of(const ngap::CellIds& cells) {
    std::vector<PlacePattern> out;
    std::visit(
        [&](const auto& list) {
            for (const auto& cell : list) out.push_back(pattern_of(cell));
        },
        cells);
    return out;
}

std::vector<CellCount> cells_in(const std::optional<ngap::BroadcastArea>& area) {
    std::vector<CellCount> out;
    if (!area) return out;
    const auto add = [&](const auto& cells) {
        for (const auto& one : cells) out.push_back({pattern_of(one.cell), one.broadcasts});
    };
    std::visit(
        [&](const auto& by_area) {
            add(by_area.cells);
            for (const auto& part : by_area.by_tracking_area) add(part.cells);
            for (const auto& part : by_area.by_emergency_area) add(part.cells);
        },
        *area);
    return out;
}

struct ToNews {
    base::Result<N50News> operator()(const ngap::WriteReplaceWarningResponse& told) const {
        return N50News{
            Report{told.message_identifier, told.serial, ReportKind::kScheduled, cells_in(told.completed)}};
    }
    base::Result<N50News> operator()(const ngap::PwsCancelResponse& told) const {
        return N50News{
            Report{told.message_identifier, told.serial, ReportKind::kCancelled, cells_in(told.cancelled)}};
    }
    base::Result<N50News> operator()(const ngap::PwsRestartIndication& told) const {
        return N50News{NodeRestarted{radio_node_of(told.node), patterns_of(told.cells)}};
    }
    base::Result<N50News> operator()(const ngap::PwsFailureIndication& told) const {
        CellsFailed failed;
        for (const PlacePattern& cell : patterns_of(told.cells))
            failed.cells.push_back({cell, kCauseReportedDown});
        return N50News{std::move(failed)};
    }
    template <class Request>
    base::Result<N50News> operator()(const Request&) const {
        return base::invalid("a request of ours is no notification");
    }
};

}  // namespace

base::Result<N50News> read_news(std::string_view content_type, std::string_view body,
                                const std::function<void(base::ByteView)>& on_ngap) {
    std::vector<http::Part> parts;
    if (http::media_type(content_type) == "application/json") {
        parts.push_back({"application/json", {}, std::string(body)});
    } else {
        auto parsed = http::parse_multipart(content_type, body);
        if (!parsed) return parsed.error();
        parts = std::move(*parsed);
    }
    const http::Part* json = http::find_type(parts, "application/json");
    if (json == nullptr) return base::invalid("no part is application/json");
    const auto notification = n50::read_notification(json->body);
    if (!notification) return notification.error();
    if (!notification->information || notification->content_id.empty()) return N50News{NoNews{}};
    const http::Part* binary = http::find_id(parts, notification->content_id);
    if (binary == nullptr)
        return base::invalid("no part has the Content-Id \"" + notification->content_id + "\"");
    if (on_ngap) on_ngap(base::as_bytes(binary->body));
    const auto message = ngap::decode(base::as_bytes(binary->body));
    if (!message) return base::invalid("NGAP: " + message.error().text());
    return std::visit(ToNews{}, *message);
}

}  // namespace cbc
