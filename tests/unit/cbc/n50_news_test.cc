// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_news.h"

#include "cbc/wire/ngap_codec.h"
#include "common/http/multipart.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const PlmnId kTest = *PlmnId::parse("001", "01");
constexpr cbs::MessageIdentifier kLevel1{4370};
constexpr cbs::SerialNumber kSerial{0x4010};

std::string notification(std::string_view information, std::string_view content_id = "n") {
    return R"({"n2NotifySubscriptionId":"1","n2InfoContainer":{"n2InformationClass":")" +
           std::string(information) +
           R"(","pwsInfo":{"messageIdentifier":4370,"serialNumber":16400,"pwsContainer":{"ngapData":{"contentId":")" +
           std::string(content_id) + R"("}}}}})";
}

base::Result<N50News> news_of(const ngap::Message& message, std::string_view information) {
    const auto ngap = ngap::encode(message);
    CHECK_OK(ngap);
    const auto body =
        http::build_related({{"application/vnd.3gpp.ngap", "n", std::string(base::as_text(*ngap))},
                             {"application/json", "", notification(information)}});
    return read_news(body.content_type, body.body);
}

void cells_on_the_air_are_reported_by_whatever_they_are_listed() {
    ngap::NrCells cells;
    cells.by_tracking_area = {{{kTest, 1}, {{{kTest, 0x11}, std::nullopt}, {{kTest, 0x12}, std::nullopt}}}};
    const auto news = news_of(ngap::WriteReplaceWarningResponse{kLevel1, kSerial, cells, {}}, "PWS-BCAL");
    CHECK_OK(news);
    const auto& report = std::get<Report>(*news);
    CHECK(report.kind == ReportKind::kScheduled);
    CHECK(report.identifier == kLevel1 && report.serial == kSerial);
    CHECK_EQ(report.cells.size(), 2U);
    CHECK(report.cells[1].cell == exactly(Place::nr_cell(kTest, 0x12)));
}

void cells_that_fell_silent_bring_their_number_of_broadcasts() {
    ngap::EutraCells cells;
    cells.cells = {{{kTest, 0x21}, 7}};
    const auto news = news_of(ngap::PwsCancelResponse{kLevel1, kSerial, cells, {}}, "PWS-BCAL");
    CHECK_OK(news);
    const auto& report = std::get<Report>(*news);
    CHECK(report.kind == ReportKind::kCancelled);
    CHECK(report.cells[0].cell == exactly(Place::lte_cell(kTest, 0x21)));
    CHECK_EQ(*report.cells[0].broadcasts, 7);
    const auto nothing = news_of(ngap::PwsCancelResponse{kLevel1, kSerial, {}, {}}, "PWS-BCAL");
    CHECK(std::get<Report>(*nothing).cells.empty());
}

void a_node_that_restarted_is_told_with_its_cells() {
    const auto news = news_of(
        ngap::PwsRestartIndication{std::vector<Ncgi>{{kTest, 0x11}}, GnbId{kTest, 3, 24}, {{kTest, 1}}, {}},
        "PWS-RF");
    CHECK_OK(news);
    const auto& restarted = std::get<NodeRestarted>(*news);
    CHECK(restarted.node == (RadioNode{RadioNode::Kind::kGnb, kTest, 3, 24}));
    CHECK(restarted.cells == std::vector({exactly(Place::nr_cell(kTest, 0x11))}));
}

void cells_that_failed_are_told() {
    const auto news = news_of(
        ngap::PwsFailureIndication{std::vector<Ecgi>{{kTest, 0x11}}, NgEnbId{kTest, 3, 20}}, "PWS-RF");
    CHECK_OK(news);
    const auto& failed = std::get<CellsFailed>(*news);
    CHECK(failed.cells[0].cell == exactly(Place::lte_cell(kTest, 0x11)));
    CHECK(failed.cells[0].cause == kCauseReportedDown);
}

void another_class_or_json_alone_is_no_news() {
    CHECK(std::holds_alternative<NoNews>(
        *read_news("application/json; charset=utf-8",
                   R"({"n2NotifySubscriptionId":"1","n2InfoContainer":{"n2InformationClass":"PWS-BCAL"}})")));
    const auto other = http::build_related({{"application/json", "", notification("NRPPa")}});
    CHECK(std::holds_alternative<NoNews>(*read_news(other.content_type, other.body)));
}

void what_does_not_fit_together_is_refused() {
    const auto related = [](const std::string& id, const std::string& octets) {
        const auto body = http::build_related(
            {{"application/json", "", notification("PWS-BCAL")}, {"application/vnd.3gpp.ngap", id, octets}});
        return read_news(body.content_type, body.body);
    };
    CHECK(!related("other", "x"));
    CHECK(!related("n", "x"));
    CHECK(!read_news("text/plain", "x"));
    CHECK(!read_news("application/json", "{}"));
    const auto binary_alone = http::build_related({{"application/vnd.3gpp.ngap", "n", "x"}});
    CHECK(!read_news(binary_alone.content_type, binary_alone.body));
    CHECK(!news_of(ngap::PwsCancelRequest{kLevel1, kSerial, {}}, "PWS-BCAL"));
}

}  // namespace

GROUP(n50_news, CASE(cells_on_the_air_are_reported_by_whatever_they_are_listed),
      CASE(cells_that_fell_silent_bring_their_number_of_broadcasts),
      CASE(a_node_that_restarted_is_told_with_its_cells), CASE(cells_that_failed_are_told),
      CASE(another_class_or_json_alone_is_no_news), CASE(what_does_not_fit_together_is_refused))
