// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/cell_states.h"

#include <map>

#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::complete;
using test::gsm_cell;
using State = DeliveryState;

const PeerName kOne{"bsc-1"};
const PeerName kTwin{"bsc-1b"};

struct Bench {
    base::FakeClock clock;
    Network network = test::two_peers();
    DeliveryTuning tuning;
    Warning warning{network, tuning};
    PeersUp up{kOne};

    Now now() const { return now_of(clock); }
    void receive(Content content) {
        (void)warning.receive(test::revision_of(1, 1, std::move(content)), up, now());
    }
    void answer(const PeerName& peer, uint16_t message, const PeerAnswer& answer) {
        (void)warning.answered({test::alert_id(1), peer, MessageIdentifier{message}}, answer, now());
    }
    size_t count(State state) const { return warning.cell_counts().at(static_cast<size_t>(state)); }
    // All cells, read page by page, and what the counts must be.
    std::map<Place, State> pages(size_t limit) const {
        std::map<Place, State> all;
        std::optional<Place> after;
        do {
            const CellPage page = page_of(warning, after, limit);
            CHECK(page.cells.size() <= limit);
            for (const auto& [cell, record] : page.cells) CHECK(all.emplace(cell, record.state).second);
            CHECK(!page.next || !after || *after < *page.next);
            after = page.next;
        } while (after);
        return all;
    }
    void check_pages() const {
        const auto all = pages(100);
        CHECK_EQ(sum_of(warning.cell_counts()), all.size());
        CellCounts counts{};
        for (const auto& [cell, state] : all) ++counts.at(static_cast<size_t>(state));
        CHECK(counts == warning.cell_counts());
        for (const size_t limit : {1, 2, 3}) CHECK(pages(limit) == all);
    }
};

Content content(Area area) { return test::content_for(7, base::FakeClock{}.now(), std::move(area)); }

void each_cell_is_counted_once_whatever_is_known_of_it() {
    Bench bench;
    bench.receive(content(
        PlaceSet{gsm_cell(1, 100), gsm_cell(1, 101), gsm_cell(2, 200), gsm_cell(3, 300), gsm_cell(9, 900)}));
    bench.answer(kOne, 4370, test::failure({{gsm_cell(1, 101), 3}}, {gsm_cell(1, 100)}));
    CHECK_EQ(bench.count(State::kAccepted), size_t{1});
    CHECK_EQ(bench.count(State::kRefused) + bench.count(State::kUnknownToPeer), size_t{1});
    CHECK_EQ(bench.count(State::kNotConnected) + bench.count(State::kQueued), size_t{2});  // one has no peer
    CHECK_EQ(bench.count(State::kUnknownCell), size_t{1});
    bench.check_pages();
}

void of_several_messages_the_least_advanced_counts() {
    Bench bench;
    Content both = content(PlaceSet{gsm_cell(1, 100)});
    both.messages.push_back({MessageIdentifier{4383}, "pt", "A agua sobe"});
    bench.receive(both);
    bench.answer(kOne, 4370, complete({gsm_cell(1, 100)}));
    CHECK_EQ(bench.count(State::kSent), size_t{1});
    bench.check_pages();
    bench.answer(kOne, 4383, complete({gsm_cell(1, 100)}));
    CHECK_EQ(bench.count(State::kAccepted), size_t{1});
    bench.check_pages();
}

void of_several_peers_the_most_advanced_counts() {
    Bench bench;
    bench.network.join({kTwin, Protocol::kCbsp, std::vector{1U}});
    bench.receive(content(PlaceSet{gsm_cell(1, 100), gsm_cell(1, 101)}));
    bench.answer(kOne, 4370, complete({gsm_cell(1, 100), gsm_cell(1, 101)}));
    CHECK_EQ(bench.count(State::kAccepted), size_t{2});
    bench.check_pages();
}

void cells_that_only_a_peer_has_named_are_told_too() {
    Bench bench;
    bench.receive(content(AllCells{}));
    bench.answer(kOne, 4370, complete({gsm_cell(1, 100), gsm_cell(1, 101), gsm_cell(1, 555)}));
    CHECK_EQ(bench.count(State::kAccepted), size_t{3});
    CHECK(bench.pages(2).contains(gsm_cell(1, 555)));
    bench.check_pages();
}

void what_is_sent_to_nobody_is_told_from_the_division() {
    Bench bench;
    Content training = content(AllCells{});
    training.mode = Mode::kTraining;
    bench.receive(training);
    CHECK_EQ(bench.count(State::kNotSentTraining), size_t{3});
    bench.check_pages();
    Bench later;
    Content scheduled = content(PlaceSet{gsm_cell(1, 100)});
    scheduled.schedule.start += 1h;
    scheduled.schedule.end += 1h;
    later.receive(scheduled);
    CHECK_EQ(later.count(State::kQueued), size_t{1});
    later.check_pages();
}

void the_cells_of_one_delivery_are_told_in_pages() {
    Bench bench;
    bench.receive(content(PlaceSet{gsm_cell(1, 100), gsm_cell(1, 101)}));
    const Delivery& delivery = bench.warning.deliveries().begin()->second;
    const CellPage first = page_of(delivery, std::nullopt, 1);
    CHECK(first.cells.size() == 1 && first.next == gsm_cell(1, 100));
    const CellPage second = page_of(delivery, first.next, 1);
    CHECK(second.cells.size() == 1 && second.cells[0].first == gsm_cell(1, 101) && !second.next);
    CHECK_EQ(sum_of(count_cells(delivery)), size_t{2});
}

}  // namespace

GROUP(cell_states, CASE(each_cell_is_counted_once_whatever_is_known_of_it),
      CASE(of_several_messages_the_least_advanced_counts), CASE(of_several_peers_the_most_advanced_counts),
      CASE(cells_that_only_a_peer_has_named_are_told_too),
      CASE(what_is_sent_to_nobody_is_told_from_the_division),
      CASE(the_cells_of_one_delivery_are_told_in_pages))
